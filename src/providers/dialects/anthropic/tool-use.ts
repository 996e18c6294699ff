import { InvalidRequestError } from '../../../platform/errors/request-errors.js';
import { isJsonObject, objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { AnswerTool } from './answer-format.js';
import { allowedTools } from '../translation/allowed-tools.js';
import { claudeTraits } from './claude-traits.js';
import { cacheControl } from './content-blocks.js';
import type { Turn } from './request-messages.js';
import { toolChoice, type ToolChoice } from './tool-choice.js';

/** The tools of a request, and whether the model must call one. */
export interface ToolUse extends ToolChoice {
  readonly tools: readonly JsonObject[];
  /** What the model must be told, because it cannot be forced. */
  readonly instruction: string | undefined;
}

export interface ToolWish {
  readonly request: JsonObject;
  readonly nativeModel: string;
  readonly turns: readonly Turn[];
  /** The tool by which the answer comes, where there is one. */
  readonly answer: AnswerTool | undefined;
}

/** @throws InvalidRequestError */
export function toolUse({ request, nativeModel, turns, answer }: ToolWish): ToolUse {
  const own = allowedTools(request).map(anthropicTool);
  if (!answer && own.length === 0) return pastTools(turns);
  const hasOwn = own.length > 0;
  const chosen = toolChoice({ request, traits: claudeTraits(nativeModel), answerTool: answer?.name, hasOwn });
  const isToBeTold = answer && !chosen.isForced;
  return {
    ...chosen,
    tools: answer ? [...own, { ...answer }] : own,
    instruction: isToBeTold ? `Give your answer by calling the tool "${answer.name}".` : undefined,
  };
}

/**
 * Tools of Anthropic's own, which run there, are named by their type and travel on. `strict` is left out: Anthropic
 * refuses many schemas that OpenAI is strict about, and Claude keeps to schemas without it.
 */
function anthropicTool(tool: JsonObject, index: number): JsonObject {
  if (isJsonObject(tool['custom'])) throw refusal('Anthropic has no tools that take free text.', index);
  // What an adviser writes is billed at another model's price, which usage does not tell.
  if (String(tool['type']).startsWith('advisor_')) throw refusal('The adviser tool is not offered here.', index);
  const called = objectMember(tool, 'function');
  if (!called) return tool;
  const { name, description, parameters } = called;
  const schema = isJsonObject(parameters) ? parameters : { properties: {} };
  return {
    name,
    ...(typeof description === 'string' && { description }),
    input_schema: { type: 'object', ...schema },
    ...cacheControl(called),
    ...cacheControl(tool),
  };
}

function refusal(message: string, index: number): InvalidRequestError {
  return new InvalidRequestError(message, `tools.${index}`, 'invalid_value');
}

/** A conversation in which tools were called wants them described, also when none may be called any more. */
function pastTools(turns: readonly Turn[]): ToolUse {
  const calls = turns.flatMap(({ content }) => content.filter(({ type }) => type === 'tool_use'));
  const names = [...new Set(calls.map(({ name }) => name))];
  return {
    tools: names.map((name) => ({ name, input_schema: { type: 'object' } })),
    choice: names.length > 0 ? { type: 'none' } : undefined,
    isForced: false,
    instruction: undefined,
  };
}
