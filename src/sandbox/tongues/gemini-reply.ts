import type { Answer } from '../answer.js';
import type { Choice, Usage } from '../completion.js';
import { pieces, type StreamEvent } from '../stream-events.js';

const FINISH_REASONS: Readonly<Record<Choice['finishReason'], string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  tool_calls: 'STOP',
};
const SIGNATURE = 'a simulated signature';

/** Pure: the completion as one reply. */
export function generateBody(answer: Answer): string {
  const { behaviour, completion } = answer;
  const { fault } = behaviour;
  const candidates = completion.choices.map((choice) => ({
    content: { role: 'model', parts: partsOf(choice, behaviour.chunks === undefined ? 1 : behaviour.chunks) },
    index: choice.index,
    ...(fault !== 'no_finish' && { finishReason: FINISH_REASONS[choice.finishReason] }),
  }));
  return JSON.stringify({ candidates: fault === 'empty' ? [] : candidates, ...figures(answer) });
}

/** Pure: the completion as the events of a faultless stream; it has no end of its own. */
export function generateEvents(answer: Answer): StreamEvent[] {
  const { completion, behaviour } = answer;
  const outputs = completion.choices.flatMap((choice) =>
    partsOf(choice, behaviour.chunks).map((part) => event('output', answer, candidate(choice, [part]))),
  );
  const ends = completion.choices.map((choice) => {
    const end = { ...candidate(choice, [{ text: '' }]), finishReason: FINISH_REASONS[choice.finishReason] };
    return event('finish', answer, end);
  });
  return [...outputs, ...ends];
}

function partsOf({ reasoning, text, toolCalls }: Choice, chunks: number | undefined): object[] {
  return [
    ...pieces(reasoning, chunks).map((piece) => ({ text: piece, thought: true })),
    ...pieces(text, chunks).map((piece) => ({ text: piece })),
    ...toolCalls.map(({ name, arguments: given }, index) => ({
      functionCall: { name, args: JSON.parse(given) as unknown },
      ...(index === 0 && { thoughtSignature: SIGNATURE }),
    })),
  ];
}

function candidate({ index }: Choice, parts: readonly object[]): object {
  return { content: { role: 'model', parts }, index };
}

function event(kind: StreamEvent['kind'], answer: Answer, choice: object): StreamEvent {
  return { kind, data: JSON.stringify({ candidates: [choice], ...figures(answer) }) };
}

function figures({ behaviour, completion, envelope }: Answer): object {
  const usage = behaviour.fault === 'no_usage' ? {} : { usageMetadata: usageOf(completion.usage) };
  return { ...usage, modelVersion: envelope.model, responseId: envelope.id };
}

/** Google leaves the thoughts out of what the candidates wrote. */
function usageOf(usage: Usage): Readonly<Record<string, number>> {
  const { reasoning_tokens: thoughts } = usage.completion_tokens_details;
  return {
    promptTokenCount: usage.prompt_tokens,
    cachedContentTokenCount: usage.prompt_tokens_details.cached_tokens,
    candidatesTokenCount: usage.completion_tokens - thoughts,
    thoughtsTokenCount: thoughts,
    totalTokenCount: usage.total_tokens,
  };
}
