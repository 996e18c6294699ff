import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { objects } from '../chat-chunk.js';

/** OpenAI's `logprobs` of a choice for Google's; null without any. */
export function logprobsOf(candidate: JsonObject): JsonObject | null {
  const result = objectMember(candidate, 'logprobsResult');
  if (!result) return null;
  const alternatives = objects(result['topCandidates']);
  const content = objects(result['chosenCandidates']).map((chosen, index) => ({
    ...entry(chosen),
    top_logprobs: objects(alternatives[index]?.['candidates']).map(entry),
  }));
  return { content, refusal: null };
}

function entry({ token, logProbability }: JsonObject): JsonObject {
  return { token, logprob: logProbability, bytes: [...Buffer.from(String(token))] };
}
