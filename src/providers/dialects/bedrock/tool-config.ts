import { InvalidRequestError } from '../../../platform/errors/request-errors.js';
import { isJsonObject, objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { AnswerTool } from '../anthropic/answer-format.js';
import type { ClaudeTraits } from '../anthropic/claude-traits.js';
import { toolChoice, type ToolChoice } from '../anthropic/tool-choice.js';
import { objects } from '../chat-chunk.js';
import { allowedTools } from '../translation/allowed-tools.js';
import type { BedrockTraits } from './bedrock-traits.js';
import { cachePoint } from './content-blocks.js';
import type { Turn } from './request-messages.js';

/** What a request and its model say of tools. */
export interface ToolWish {
  readonly request: JsonObject;
  readonly traits: BedrockTraits;
  /** How the model may be made to think, which forbids to force it. */
  readonly thinking: Pick<ClaudeTraits, 'isAdaptive' | 'takesBudget'>;
  readonly turns: readonly Turn[];
  /** The tool by which the answer comes, where there is one. */
  readonly answer: AnswerTool | undefined;
}

export interface ToolUse {
  readonly toolConfig: JsonObject | undefined;
  /** Claude's own `tool_choice`, for what Converse has no word for. */
  readonly ownChoice: JsonObject | undefined;
  readonly isForced: boolean;
  /** What the model must be told, because it cannot be forced. */
  readonly instruction: string | undefined;
}

const NO_TOOLS: ToolUse = { toolConfig: undefined, ownChoice: undefined, isForced: false, instruction: undefined };

/** @throws InvalidRequestError */
export function toolUse(wish: ToolWish): ToolUse {
  const { request, traits, answer, turns } = wish;
  if (!traits.takesTools) return answer ? { ...NO_TOOLS, instruction: writtenOut(answer) } : NO_TOOLS;
  const own = allowedTools(request).flatMap((tool, index) => toolSpec(tool, index, traits));
  if (answer) return answerUse(wish, own, answer);
  if (own.length === 0) return idleTools(pastTools(turns), traits);
  const chosen = choose(wish, true);
  if (chosen.choice?.['type'] === 'none') return idleTools(pastTools(turns).length > 0 ? own : [], traits);
  return { ...written(own, chosen, traits), isForced: chosen.isForced, instruction: undefined };
}

function answerUse(wish: ToolWish, own: readonly JsonObject[], answer: AnswerTool): ToolUse {
  const { name, description, input_schema: schema } = answer;
  const chosen = choose(wish, own.length > 0);
  return {
    ...written([...own, specOf({ name, description }, schema)], chosen, wish.traits),
    isForced: chosen.isForced,
    instruction: chosen.isForced ? undefined : `Give your answer by calling the tool "${name}".`,
  };
}

function choose({ request, thinking, traits: { takesForcedTool }, answer }: ToolWish, hasOwn: boolean): ToolChoice {
  return toolChoice({ request, traits: { ...thinking, takesForcedTool }, answerTool: answer?.name, hasOwn });
}

/** Claude is told in its own words to call only one. */
function written(
  tools: readonly JsonObject[],
  { choice }: ToolChoice,
  { takesToolLimits }: BedrockTraits,
): Pick<ToolUse, 'toolConfig' | 'ownChoice'> {
  const { type, name, disable_parallel_tool_use: isSingle } = choice ?? {};
  if (isSingle === true && takesToolLimits) return { toolConfig: { tools }, ownChoice: choice };
  const words: Readonly<Record<string, JsonObject>> = {
    auto: { auto: {} },
    any: { any: {} },
    tool: { tool: { name } },
  };
  const toolChoice = words[String(type)];
  return { toolConfig: { tools, ...(toolChoice && { toolChoice }) }, ownChoice: undefined };
}

/** A conversation in which tools were called wants them described, also when none may be called any more. */
function idleTools(tools: readonly JsonObject[], { takesToolLimits }: BedrockTraits): ToolUse {
  if (tools.length === 0) return NO_TOOLS;
  if (takesToolLimits) return { ...NO_TOOLS, toolConfig: { tools }, ownChoice: { type: 'none' } };
  return { ...NO_TOOLS, toolConfig: { tools }, instruction: 'Answer without calling a tool.' };
}

function pastTools(turns: readonly Turn[]): JsonObject[] {
  const calls = objects(turns.flatMap(({ content }) => content.map(({ toolUse: called }) => called)));
  return [...new Set(calls.map(({ name }) => name))].map((name) => specOf({ name }, {}));
}

function toolSpec(tool: JsonObject, index: number, { cachesTools }: BedrockTraits): JsonObject[] {
  const called = objectMember(tool, 'function');
  if (!called) {
    const message = `Bedrock takes no tools of type "${String(tool['type'])}".`;
    throw new InvalidRequestError(message, `tools.${index}`, 'invalid_value');
  }
  const { name, description, parameters } = called;
  const mark = cachePoint({ cache_control: tool['cache_control'] ?? called['cache_control'] });
  return [specOf({ name, description }, parameters), ...(cachesTools ? mark : [])];
}

function specOf({ name, description }: JsonObject, schema: unknown): JsonObject {
  const json = { type: 'object', ...(isJsonObject(schema) ? schema : { properties: {} }) };
  const isDescribed = typeof description === 'string' && description.trim() !== '';
  return { toolSpec: { name, ...(isDescribed && { description }), inputSchema: { json } } };
}

/** For models that know no tools. */
function writtenOut({ input_schema: schema }: AnswerTool): string {
  return `Answer with nothing but JSON that fits this schema: ${JSON.stringify(schema)}`;
}
