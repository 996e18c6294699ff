import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { hidesReasoning, reasoningWish, type ReasoningWish } from '../translation/reasoning-wish.js';
import { geminiTraits, type GeminiTraits } from './gemini-traits.js';

/** What Google itself makes of OpenAI's efforts, in tokens. */
const BUDGETS: ReadonlyMap<string | undefined, number> = new Map([
  ['minimal', 1_024],
  ['low', 1_024],
  ['medium', 8_192],
  ['high', 24_576],
  ['xhigh', 24_576],
  ['max', 24_576],
]);
/** The model decides how much. */
const DYNAMIC_BUDGET = -1;
const LEVELS: ReadonlyMap<string | undefined, string> = new Map([
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['xhigh', 'high'],
  ['max', 'high'],
]);
/** From so many tokens on, a budget is meant as the next level. */
const MEDIUM_TOKENS = 4_096;
const HIGH_TOKENS = 16_384;

/** Undefined when the request says nothing of thinking, or the model does not think. */
export function thinkingConfig(request: JsonObject, model: string): JsonObject | undefined {
  const own = objectMember(request, 'thinking_config');
  if (own) return own;
  const traits = geminiTraits(model);
  const wish = reasoningWish(request);
  if (traits.thinking === 'none' || (!wish.isWanted && !wish.isOff)) return undefined;
  const amount = traits.thinking === 'level' ? { thinkingLevel: levelOf(wish, traits) } : budgetOf(wish, traits);
  return wish.isOff ? amount : { ...amount, includeThoughts: !hidesReasoning(request) };
}

function budgetOf({ isOff, effort, budget }: ReasoningWish, { leastBudget }: GeminiTraits): JsonObject {
  if (isOff) return { thinkingBudget: leastBudget };
  const wanted = budget ?? BUDGETS.get(effort);
  return { thinkingBudget: wanted === undefined ? DYNAMIC_BUDGET : Math.max(wanted, leastBudget) };
}

/** Later models cannot be told not to think, only to do it briefly. */
function levelOf({ isOff, effort, budget }: ReasoningWish, { lowestLevel }: GeminiTraits): string {
  if (isOff || effort === 'minimal') return lowestLevel;
  const named = LEVELS.get(effort);
  if (named !== undefined || budget === undefined) return named ?? 'high';
  if (budget < MEDIUM_TOKENS) return 'low';
  return budget < HIGH_TOKENS ? 'medium' : 'high';
}
