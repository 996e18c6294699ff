import type { JsonObject } from '../../../platform/json/json-document.js';
import type { ChatCall } from '../../dialect.js';
import { answerTool } from '../anthropic/answer-format.js';
import { claudeTraits } from '../anthropic/claude-traits.js';
import { bedrockTraits } from './bedrock-traits.js';
import { OWN_PARAMETERS } from './dropped-parameters.js';
import { inferenceConfig, ownFields } from './inference-config.js';
import { thoughtFormat } from './reasoning-details.js';
import { readPrompt } from './request-messages.js';
import { thinkingFields } from './thinking-fields.js';
import { toolUse } from './tool-config.js';

const THOUGHTLESS = { isAdaptive: false, takesBudget: false };

/**
 * OpenAI's chat request as Converse's; the model stands in the path.
 * @throws InvalidRequestError for what cannot be translated
 */
export function converseRequest(call: ChatCall): JsonObject {
  const { nativeModel } = call;
  const request = call.request.value;
  const traits = bedrockTraits(nativeModel);
  const { system, turns } = readPrompt(request['messages'], { traits, thoughts: thoughtFormat(nativeModel) });
  const thinking = traits.thinking === 'claude' ? claudeTraits(nativeModel) : THOUGHTLESS;
  const tools = toolUse({ request, traits, thinking, turns, answer: answerTool(request) });
  const { maxTokens, fields } = thinkingFields(call, tools.isForced, turns);
  const told = tools.instruction === undefined ? system : [...system, { text: tools.instruction }];
  const own = {
    ...ownFields(request, nativeModel),
    ...fields,
    ...(tools.ownChoice && { tool_choice: tools.ownChoice }),
  };
  return {
    ...Object.fromEntries(OWN_PARAMETERS.map((name) => [name, request[name] ?? undefined])),
    ...(told.length > 0 && { system: told }),
    messages: turns,
    ...unlessEmpty('inferenceConfig', inferenceConfig(request, nativeModel, maxTokens)),
    ...(tools.toolConfig && { toolConfig: tools.toolConfig }),
    ...unlessEmpty('additionalModelRequestFields', own),
  };
}

function unlessEmpty(name: string, members: JsonObject): JsonObject {
  return Object.keys(members).length > 0 ? { [name]: members } : {};
}
