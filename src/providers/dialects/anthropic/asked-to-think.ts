import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { reasoningWish } from '../translation/reasoning-wish.js';
import type { ClaudeTraits } from './claude-traits.js';

/** Whether the model will think as asked; Anthropic's own `thinking` is asking, too. */
export function isAskedToThink(
  request: JsonObject,
  { isAdaptive, takesBudget }: Pick<ClaudeTraits, 'isAdaptive' | 'takesBudget'>,
): boolean {
  const own = objectMember(request, 'thinking');
  if (own) return own['type'] !== 'disabled';
  return (isAdaptive || takesBudget) && reasoningWish(request).isWanted;
}
