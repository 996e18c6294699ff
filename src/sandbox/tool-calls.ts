import { createHash } from 'node:crypto';
import { type ChatRequest, wordsOf } from './chat-request.js';
import { memberOf, textOr } from './json.js';
import { valueFor } from './schema-value.js';

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/**
 * The calls that the model makes. It calls a tool whenever it may and a user has just spoken: the named one, else
 * the first, or the first two when the prompt has the word "parallel". After a tool's answer it speaks.
 */
export function toolCallsFor(request: ChatRequest): ToolCall[] {
  const last = request.messages.at(-1);
  const isAsked = request.model !== 'tiny-1' && last?.['role'] === 'user' && request.toolChoice !== 'none';
  if (!isAsked) return [];
  const functions = request.tools.map((tool) => memberOf(tool, 'function'));
  const prompt = wordsOf(last);
  return choose(functions, request, prompt).map((definition, position) => {
    const name = textOr(memberOf(definition, 'name'), 'unnamed');
    return { id: callId(`${position} ${name} ${prompt}`), name, arguments: argumentsFor(definition) };
  });
}

function choose(functions: readonly unknown[], request: ChatRequest, prompt: string): readonly unknown[] {
  const { toolChoice } = request;
  if (typeof toolChoice === 'object') return functions.filter((one) => memberOf(one, 'name') === toolChoice.name);
  const isParallel = request.allowsParallelToolCalls && /\bparallel\b/i.test(prompt);
  return functions.slice(0, isParallel ? 2 : 1);
}

function argumentsFor(definition: unknown): string {
  return JSON.stringify(valueFor(memberOf(definition, 'parameters')));
}

/** The same request always makes the same calls, ids included. */
function callId(seed: string): string {
  return `call_${createHash('sha256').update(seed).digest('hex').slice(0, 24)}`;
}
