import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { ChatCall } from '../../dialect.js';
import { thinkingOf } from '../anthropic/thinking.js';
import { reasoningWish, type ReasoningWish } from '../translation/reasoning-wish.js';
import { bedrockTraits } from './bedrock-traits.js';
import type { Turn } from './request-messages.js';

/** How long a model may write, and what makes it think before, in members of its own. */
export interface ThinkingFields {
  readonly maxTokens: number | undefined;
  readonly fields: JsonObject;
}

export function thinkingFields(call: ChatCall, isToolForced: boolean, turns: readonly Turn[]): ThinkingFields {
  const { thinking: way } = bedrockTraits(call.nativeModel);
  if (way === 'claude') {
    const obstacles = { isToolForced, isAmidThoughtlessTurn: isAmidThoughtlessTurn(turns) };
    const { max_tokens: maxTokens, thinking, effort } = thinkingOf(call, obstacles);
    return {
      maxTokens,
      fields: { ...(thinking && { thinking }), ...(effort !== undefined && { output_config: { effort } }) },
    };
  }
  const wish = reasoningWish(call.request.value);
  const maxTokens = askedTokens(call);
  if (way === 'nova') return { maxTokens, fields: novaFields(wish) };
  if (way === 'none' || !wish.isWanted) return { maxTokens, fields: {} };
  const effort = effortOf(wish);
  return { maxTokens, fields: way === 'effort' ? { reasoning_effort: effort } : { reasoning: { effort } } };
}

/** With the highest effort Nova takes no limit of its output, and calls here have one. */
function novaFields(wish: ReasoningWish): JsonObject {
  if (wish.isOff) return { reasoningConfig: { type: 'disabled' } };
  if (!wish.isWanted) return {};
  const effort = effortOf(wish);
  return { reasoningConfig: { type: 'enabled', maxReasoningEffort: effort === 'high' ? 'medium' : effort } };
}

function effortOf({ effort }: ReasoningWish): 'low' | 'medium' | 'high' {
  if (effort === 'minimal' || effort === 'low') return 'low';
  return effort === undefined || effort === 'medium' ? 'medium' : 'high';
}

function askedTokens({ request, outputLimit }: ChatCall): number | undefined {
  const { max_completion_tokens: newer, max_tokens: older } = request.value;
  const limits = [newer ?? older, outputLimit].filter((limit) => typeof limit === 'number');
  return limits.length > 0 ? Math.max(Math.min(...limits), 1) : undefined;
}

/** Tools were called without a thought that the client kept: a model with a budget refuses to begin to think there. */
function isAmidThoughtlessTurn(turns: readonly Turn[]): boolean {
  const [calls, results] = turns.slice(-2);
  const isAmid = results?.content.some((block) => objectMember(block, 'toolResult')) === true;
  return isAmid && calls?.content.some((block) => objectMember(block, 'reasoningContent')) === false;
}
