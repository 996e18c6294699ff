import type { Behaviour } from './behaviour.js';
import type { ChatRequest } from './chat-request.js';
import { completionText, cutAtStop, reasoningText } from './completion-text.js';
import { countPromptTokens, countTokens, truncateToTokens } from './tokens.js';
import { type ToolCall, toolCallsFor } from './tool-calls.js';

export interface Choice {
  readonly index: number;
  readonly reasoning: string;
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: 'stop' | 'length' | 'tool_calls';
}

/** OpenAI's usage, with the details that a gateway has to carry along. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number; readonly audio_tokens: number };
  readonly completion_tokens_details: { readonly reasoning_tokens: number; readonly audio_tokens: number };
}

export interface Completion {
  readonly choices: readonly Choice[];
  readonly usage: Usage;
}

/** Pure: what the model says to this request, before it is put on the wire in one piece or in many. */
export function complete(request: ChatRequest, behaviour: Behaviour): Completion {
  const choices = Array.from({ length: request.choices }, (_, index) => choose(request, behaviour, index));
  return { choices, usage: usageOf(request, behaviour, choices) };
}

function choose(request: ChatRequest, behaviour: Behaviour, index: number): Choice {
  const reasoning = truncateToTokens(reasoningText(request), request.maxTokens ?? Infinity);
  const toolCalls = toolCallsFor(request);
  if (toolCalls.length > 0) return { index, reasoning, text: '', toolCalls, finishReason: 'tool_calls' };
  const whole = completionText(request, behaviour);
  const isDistinct = index > 0 && request.format.kind === 'text';
  const wanted = cutAtStop(isDistinct ? `(${index + 1}) ${whole}` : whole, request.stops);
  const text = truncateToTokens(wanted, (request.maxTokens ?? Infinity) - countTokens(reasoning));
  return { index, reasoning, text, toolCalls, finishReason: text === wanted ? 'stop' : 'length' };
}

function usageOf(request: ChatRequest, behaviour: Behaviour, choices: readonly Choice[]): Usage {
  const promptTokens = countPromptTokens(request.messages, request.tools);
  const reasoningTokens = sum(choices.map((choice) => countTokens(choice.reasoning)));
  const spoken = choices.flatMap(({ text, toolCalls }) => [
    text,
    ...toolCalls.map((call) => call.name + call.arguments),
  ]);
  const completionTokens = reasoningTokens + sum(spoken.map(countTokens));
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: Math.min(behaviour.cached_tokens ?? 0, promptTokens), audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoningTokens, audio_tokens: 0 },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
