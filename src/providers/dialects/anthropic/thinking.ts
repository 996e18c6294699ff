import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { ChatCall } from '../../dialect.js';
import { claudeTraits, type ClaudeTraits } from './claude-traits.js';
import { hidesReasoning, reasoningWish, type ReasoningWish } from '../translation/reasoning-wish.js';

/**
 * What a reply may take where nobody says so: Anthropic wants a limit on every request. Not more than is set aside for a
 * reply without one (`worst-case.ts`).
 */
const USUAL_OUTPUT_TOKENS = 32_000;
const SMALLEST_BUDGET = 1_024;
const USUAL_SHARE = 0.5;
/** The rest is for the answer. */
const LARGEST_SHARE = 0.95;
/** How much of its output a model may think, by effort; OpenRouter's shares. */
const SHARES: ReadonlyMap<string | undefined, number> = new Map([
  ['minimal', 0.1],
  ['low', 0.2],
  ['high', 0.8],
  ['xhigh', LARGEST_SHARE],
  ['max', LARGEST_SHARE],
]);

/** What stands between a wish to think and its fulfilment. */
export interface Obstacles {
  /** A model that must call a tool may not think before. */
  readonly isToolForced: boolean;
  /** Tools were called without a thought that the client kept: a model with a budget refuses to begin to think there. */
  readonly isAmidThoughtlessTurn: boolean;
}

/** The members of a request that say how long the model may write, and how it thinks before. */
export interface Thinking {
  readonly max_tokens: number;
  readonly thinking?: JsonObject;
  readonly effort?: string;
}

export function thinkingOf(call: ChatCall, obstacles: Obstacles): Thinking {
  const request = call.request.value;
  const traits = claudeTraits(call.nativeModel);
  const wish = reasoningWish(request);
  const limit = { max_tokens: maxTokens(call, traits) };
  const own = objectMember(request, 'thinking');
  if (own) return { ...limit, thinking: own };
  if (wish.isOff || obstacles.isToolForced) return { ...limit, ...unthinking(traits, wish) };
  if (!wish.isWanted) return limit;
  const prefersBudget = traits.takesBudget && (wish.budget !== undefined || !traits.isAdaptive);
  if (prefersBudget) return { ...limit, ...budgeted(limit.max_tokens, wish, obstacles) };
  return { ...limit, ...(traits.isAdaptive && adaptive(traits, wish, hidesReasoning(request))) };
}

function maxTokens({ request, outputLimit = Infinity }: ChatCall, { outputTokens }: ClaudeTraits): number {
  const { max_completion_tokens: newer, max_tokens: older } = request.value;
  const asked = newer ?? older;
  const usual = Math.min(USUAL_OUTPUT_TOKENS, outputTokens);
  return Math.max(Math.min(typeof asked === 'number' ? asked : usual, outputLimit), 1);
}

/** Later models think unless they are told not to, and the latest cannot be told: they can only be told to be brief. */
function unthinking({ isAdaptive, canStopThinking }: ClaudeTraits, { isOff }: ReasoningWish): Partial<Thinking> {
  if (!isAdaptive) return {};
  if (canStopThinking) return { thinking: { type: 'disabled' } };
  return isOff ? { effort: 'low' } : {};
}

function adaptive(traits: ClaudeTraits, { effort }: ReasoningWish, isHidden: boolean): Partial<Thinking> {
  const thinking = { type: 'adaptive', display: isHidden ? 'omitted' : 'summarized' };
  if (effort === undefined) return { thinking };
  if (effort === 'minimal') return { thinking, effort: 'low' };
  return { thinking, effort: effort === 'xhigh' && !traits.hasExtraHighEffort ? 'high' : effort };
}

/** A budget must leave room for the answer, and where there is none to leave the model answers at once. */
function budgeted(limit: number, { budget, effort }: ReasoningWish, obstacles: Obstacles): Partial<Thinking> {
  const most = Math.floor(limit * LARGEST_SHARE);
  if (most < SMALLEST_BUDGET || obstacles.isAmidThoughtlessTurn) return {};
  const wanted = budget ?? Math.floor(limit * (SHARES.get(effort) ?? USUAL_SHARE));
  const tokens = Math.min(Math.max(wanted, SMALLEST_BUDGET), most);
  return { thinking: { type: 'enabled', budget_tokens: tokens } };
}
