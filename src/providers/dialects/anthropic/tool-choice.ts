import { isJsonObject, objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { ClaudeTraits } from './claude-traits.js';
import { isAskedToThink } from './asked-to-think.js';

/** What decides whether a tool must be called. */
export interface ToolSituation {
  readonly request: JsonObject;
  readonly traits: Pick<ClaudeTraits, 'takesForcedTool' | 'isAdaptive' | 'takesBudget'>;
  /** The tool by which the answer comes, where there is one. */
  readonly answerTool: string | undefined;
  /** The caller has tools, too. */
  readonly hasOwn: boolean;
}

export interface ToolChoice {
  readonly choice: JsonObject | undefined;
  readonly isForced: boolean;
}

/**
 * Anthropic's `tool_choice`. A model that thinks cannot be forced: then the caller's own demand is worth more than the
 * thoughts, and the thoughts more than our way to have the answer in JSON. Some models can never be forced.
 */
export function toolChoice(situation: ToolSituation): ToolChoice {
  const { request, traits, answerTool } = situation;
  const asked = askedChoice(request['tool_choice']);
  const wanted = answerTool === undefined || isNamed(asked) ? asked : answerChoice(answerTool, asked, situation);
  const canForce = traits.takesForcedTool && (isForcing(asked) || !isAskedToThink(request, traits));
  const isForced = isForcing(wanted) && canForce;
  const choice = isForced || !isForcing(wanted) ? wanted : { type: 'auto' };
  const isParallel = answerTool === undefined && request['parallel_tool_calls'] !== false;
  return { choice: isParallel ? choice : withoutParallels(choice), isForced };
}

/** Whether a request names a tool that must be called, or wants that one is. */
export function isToolDemanded(request: JsonObject): boolean {
  return isForcing(askedChoice(request['tool_choice']));
}

function isForcing(choice: JsonObject | undefined): boolean {
  return choice?.['type'] === 'any' || isNamed(choice);
}

function isNamed(choice: JsonObject | undefined): boolean {
  return choice?.['type'] === 'tool';
}

/** The caller's own tools may be called before the answer is given. */
function answerChoice(name: string, asked: JsonObject | undefined, { hasOwn }: ToolSituation): JsonObject {
  return hasOwn && asked?.['type'] !== 'none' ? { type: 'any' } : { type: 'tool', name };
}

/** Anthropic's own choices travel on. */
function askedChoice(choice: unknown): JsonObject | undefined {
  if (choice === 'required') return { type: 'any' };
  if (choice === 'auto' || choice === 'none') return { type: choice };
  if (!isJsonObject(choice)) return undefined;
  const { type } = choice;
  if (type === 'function') return { type: 'tool', name: objectMember(choice, 'function')?.['name'] };
  return type === 'allowed_tools' ? askedChoice(objectMember(choice, 'allowed_tools')?.['mode']) : choice;
}

function withoutParallels(choice: JsonObject | undefined): JsonObject | undefined {
  return choice?.['type'] === 'none' ? choice : { type: 'auto', ...choice, disable_parallel_tool_use: true };
}
