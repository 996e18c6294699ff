import type { Answer } from '../answer.js';
import type { Choice, Usage } from '../completion.js';

const STOP_REASONS: Readonly<Record<Choice['finishReason'], string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
};

/** Pure: the completion as one message; Anthropic knows one choice only. */
export function messageBody({ behaviour, completion, envelope }: Answer): string {
  const [choice] = completion.choices;
  const { fault } = behaviour;
  return JSON.stringify({
    id: envelope.id.replace('chatcmpl', 'msg'),
    type: 'message',
    role: 'assistant',
    model: envelope.model,
    content: choice && fault !== 'empty' ? blocksOf(choice) : [],
    stop_reason: choice && fault !== 'no_finish' && fault !== 'empty' ? stopReason(choice) : null,
    stop_sequence: null,
    ...(fault !== 'no_usage' && { usage: usageOf(completion.usage) }),
  });
}

export function stopReason({ finishReason }: Choice): string {
  return STOP_REASONS[finishReason];
}

/** Anthropic leaves the cached tokens out of its input, and the thoughts in its output. */
export function usageOf(usage: Usage): Readonly<Record<string, number>> {
  const { cached_tokens: cached } = usage.prompt_tokens_details;
  return {
    input_tokens: usage.prompt_tokens - cached,
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: 0,
    output_tokens: usage.completion_tokens,
  };
}

export const SIGNATURE = 'a simulated signature';

function blocksOf({ reasoning, text, toolCalls }: Choice): object[] {
  return [
    ...(reasoning ? [{ type: 'thinking', thinking: reasoning, signature: SIGNATURE }] : []),
    ...(text ? [{ type: 'text', text }] : []),
    ...toolCalls.map(({ id, name, arguments: given }) => ({
      type: 'tool_use',
      id,
      name,
      input: JSON.parse(given) as unknown,
    })),
  ];
}
