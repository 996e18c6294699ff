import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';

/** How a request wants its model to think: OpenAI's `reasoning_effort`, or OpenRouter's `reasoning`. */
export interface ReasoningWish {
  readonly isOff: boolean;
  readonly isWanted: boolean;
  readonly effort: string | undefined;
  /** Tokens. */
  readonly budget: number | undefined;
}

export function reasoningWish(request: JsonObject): ReasoningWish {
  const { effort: named, max_tokens: tokens, enabled } = objectMember(request, 'reasoning') ?? {};
  const given = named ?? request['reasoning_effort'];
  const effort = typeof given === 'string' ? given : undefined;
  const budget = typeof tokens === 'number' && tokens > 0 ? Math.round(tokens) : undefined;
  const isOff = enabled === false || effort === 'none';
  const isWanted = !isOff && (enabled === true || effort !== undefined || budget !== undefined);
  return { isOff, isWanted, effort, budget };
}

/** Thoughts are not for the client: OpenRouter's words, of which the second is an older one. */
export function hidesReasoning(request: JsonObject): boolean {
  return objectMember(request, 'reasoning')?.['exclude'] === true || request['include_reasoning'] === false;
}
