import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { ChatCall } from '../../dialect.js';
import { answerFormat } from './answer-format.js';
import { stopSequences } from '../translation/stop-sequences.js';
import { droppedParameters, isBlank, OWN_PARAMETERS, serviceTier } from './dropped-parameters.js';
import { isAmidThoughtlessTurn, readPrompt } from './request-messages.js';
import { thinkingOf } from './thinking.js';
import { toolUse, type ToolUse } from './tool-use.js';

/**
 * OpenAI's chat request as Anthropic's.
 * @throws InvalidRequestError for what cannot be translated
 */
export function messagesRequest(call: ChatCall): JsonObject {
  const { nativeModel, isStream } = call;
  const request = call.request.value;
  const { system, turns } = readPrompt(request['messages']);
  const answer = answerFormat(request, nativeModel);
  const tools = toolUse({ request, nativeModel, turns, answer: answer?.tool });
  const obstacles = { isToolForced: tools.isForced, isAmidThoughtlessTurn: isAmidThoughtlessTurn(turns) };
  const { effort, ...limits } = thinkingOf(call, obstacles);
  const instructions = tools.instruction === undefined ? [] : [{ type: 'text', text: tools.instruction }];
  const toldFirst = [...system, ...instructions];
  return {
    model: nativeModel,
    ...(isStream && { stream: true }),
    ...(toldFirst.length > 0 && { system: toldFirst }),
    messages: turns,
    ...toolMembers(tools),
    ...settings(request, droppedParameters(request, nativeModel)),
    ...outputConfig(request, effort, answer?.schema),
    ...limits,
  };
}

function toolMembers({ tools, choice }: ToolUse): JsonObject {
  return tools.length === 0 ? {} : { tools, ...(choice && { tool_choice: choice }) };
}

function settings(request: JsonObject, dropped: readonly string[]): JsonObject {
  const { temperature, top_p: topP, stop, service_tier: tier, user } = request;
  const stops = stopSequences(stop).filter((sequence) => !isBlank(sequence));
  const all: JsonObject = {
    ...Object.fromEntries(OWN_PARAMETERS.map((name) => [name, request[name] ?? undefined])),
    // OpenAI's temperatures go up to 2.
    temperature: typeof temperature === 'number' ? Math.min(temperature, 1) : undefined,
    top_p: topP ?? undefined,
    stop_sequences: stops.length > 0 ? stops : undefined,
    service_tier: serviceTier(tier),
    metadata: typeof user === 'string' ? { user_id: user } : undefined,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([name, value]) => value !== undefined && !dropped.includes(name)),
  );
}

function outputConfig(request: JsonObject, effort: string | undefined, schema: JsonObject | undefined): JsonObject {
  const config = {
    ...objectMember(request, 'output_config'),
    ...(effort !== undefined && { effort }),
    ...(schema && { format: { type: 'json_schema', schema } }),
  };
  return Object.keys(config).length > 0 ? { output_config: config } : {};
}
