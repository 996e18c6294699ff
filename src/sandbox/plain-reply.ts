import type { Answer } from './answer.js';
import type { Behaviour } from './behaviour.js';
import type { ChatRequest } from './chat-request.js';
import type { Choice } from './completion.js';
import { FINGERPRINT } from './envelope.js';
import { logprobsFor } from './logprobs.js';

/** Pure: the completion as one JSON body. */
export function plainReply({ request, behaviour, completion, envelope }: Answer): string {
  const { fault } = behaviour;
  const choices = fault === 'empty' ? [] : completion.choices.map((choice) => choiceOf(choice, request, behaviour));
  return JSON.stringify({
    id: envelope.id,
    object: 'chat.completion',
    created: envelope.created,
    model: envelope.model,
    choices,
    ...(fault !== 'no_usage' && { usage: completion.usage }),
    service_tier: 'default',
    system_fingerprint: FINGERPRINT,
  });
}

/** What some providers send with status 200, or in the middle of a stream, when they break down. */
export const IN_BAND_ERROR = JSON.stringify({
  error: {
    message: 'The simulated provider broke down.',
    type: 'server_error',
    param: null,
    code: 'simulated_failure',
  },
});

function choiceOf(choice: Choice, request: ChatRequest, behaviour: Behaviour): object {
  const { topLogprobs } = request;
  return {
    index: choice.index,
    message: messageOf(choice, behaviour),
    logprobs: topLogprobs === undefined ? null : logprobsFor(choice.text, topLogprobs),
    finish_reason: behaviour.fault === 'no_finish' ? null : choice.finishReason,
  };
}

function messageOf({ text, reasoning, toolCalls }: Choice, { fault }: Behaviour): object {
  const calls = toolCalls.map(({ id, name, arguments: given }) => ({
    id,
    type: 'function',
    function: { name, arguments: given },
  }));
  return {
    ...(fault !== 'no_role' && { role: 'assistant' }),
    content: calls.length > 0 ? null : text,
    refusal: null,
    ...(reasoning && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}
