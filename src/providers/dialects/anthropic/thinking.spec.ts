import { chatCall } from '../../../../test/support/chat-call.js';
import type { JsonObject } from '../../../platform/json/json-document.js';
import { messagesRequest } from './anthropic-request.js';

function thinking(nativeModel: string, request: JsonObject, outputLimit?: number) {
  const {
    thinking: given,
    output_config: config,
    max_tokens: limit,
  } = messagesRequest(chatCall(request, { nativeModel, outputLimit }));
  return { ...(given !== undefined && { given }), ...(config !== undefined && { config }), limit };
}

const budget = (tokens: number) => ({ type: 'enabled', budget_tokens: tokens });
const ADAPTIVE = { type: 'adaptive', display: 'summarized' };

describe('thinking', () => {
  it.each<[string, string, JsonObject, object]>([
    ['is not asked for unasked', 'claude-sonnet-4-5', {}, { limit: 32_000 }],
    [
      'has a share of the output',
      'claude-sonnet-4-5',
      { reasoning_effort: 'high', max_tokens: 10_000 },
      { given: budget(8_000), limit: 10_000 },
    ],
    [
      'has half without an effort',
      'claude-sonnet-4-5',
      { reasoning: { enabled: true } },
      { given: budget(16_000), limit: 32_000 },
    ],
    [
      'has its own budget',
      'claude-sonnet-4-5',
      { reasoning: { max_tokens: 2_000 } },
      { given: budget(2_000), limit: 32_000 },
    ],
    [
      'has no less than Anthropic takes',
      'claude-sonnet-4-5',
      { reasoning: { max_tokens: 10 }, max_tokens: 2_000 },
      { given: budget(1_024), limit: 2_000 },
    ],
    [
      'leaves room for the answer',
      'claude-sonnet-4-5',
      { reasoning: { max_tokens: 9_000 }, max_completion_tokens: 5_000 },
      { given: budget(4_750), limit: 5_000 },
    ],
    [
      'is left out where there is no room',
      'claude-sonnet-4-5',
      { reasoning_effort: 'high', max_tokens: 1_024 },
      { limit: 1_024 },
    ],
    [
      'is left out where a tool must be called',
      'claude-sonnet-4-5',
      { reasoning_effort: 'high', tools: [{ function: { name: 'a' } }], tool_choice: 'required' },
      { limit: 32_000 },
    ],
    ['is left out for models that cannot', 'claude-3-haiku-20240307', { reasoning_effort: 'high' }, { limit: 4_096 }],
    [
      'has an effort where it has no budget',
      'claude-opus-4-8',
      { reasoning_effort: 'xhigh' },
      { given: ADAPTIVE, config: { effort: 'xhigh' }, limit: 32_000 },
    ],
    [
      'has an effort that the model knows',
      'claude-opus-4-6',
      { reasoning_effort: 'xhigh' },
      { given: ADAPTIVE, config: { effort: 'high' }, limit: 32_000 },
    ],
    [
      'may have a budget in between',
      'claude-opus-4-6',
      { reasoning: { max_tokens: 3_000 } },
      { given: budget(3_000), limit: 32_000 },
    ],
    [
      'has no effort below low',
      'claude-sonnet-5',
      { reasoning_effort: 'minimal' },
      { given: ADAPTIVE, config: { effort: 'low' }, limit: 32_000 },
    ],
    [
      'stays hidden',
      'claude-sonnet-5',
      { reasoning: { enabled: true, exclude: true } },
      { given: { type: 'adaptive', display: 'omitted' }, limit: 32_000 },
    ],
    [
      'is switched off',
      'claude-sonnet-5',
      { reasoning_effort: 'none' },
      { given: { type: 'disabled' }, limit: 32_000 },
    ],
    [
      'is short where it cannot be switched off',
      'claude-opus-5-5',
      { reasoning: { enabled: false } },
      { config: { effort: 'low' }, limit: 32_000 },
    ],
    [
      'is as Anthropic is told in its own words',
      'claude-opus-5-5',
      { thinking: ADAPTIVE, output_config: { effort: 'max' } },
      { given: ADAPTIVE, config: { effort: 'max' }, limit: 32_000 },
    ],
  ])('%s (%s, %j)', (...[, model, request, expected]) => {
    expect(thinking(model, request)).toEqual(expected);
  });

  it('keeps within what the caller can afford', () => {
    expect(thinking('claude-sonnet-4-5', { reasoning_effort: 'high', max_tokens: 9_000 }, 2_000)).toEqual({
      given: budget(1_600),
      limit: 2_000,
    });
  });

  const calls = (more: JsonObject) => ({
    reasoning_effort: 'high',
    tools: [{ function: { name: 'a' } }],
    messages: [
      { role: 'user', content: 'Go' },
      { role: 'assistant', tool_calls: [{ id: '1', function: { name: 'a', arguments: '{}' } }], ...more },
      { role: 'tool', tool_call_id: '1', content: 'done' },
    ],
  });

  it('does not begin amid a turn that began without', () => {
    expect(thinking('claude-sonnet-4-5', calls({}))).toEqual({ limit: 32_000 });
  });

  it('goes on with the thoughts that the client kept, whole or in pieces', () => {
    const format = 'anthropic-claude-v1';
    const kept = [
      { type: 'reasoning.text', text: 'Let me ', format, index: 0 },
      { type: 'reasoning.text', text: 'see.', format, index: 0 },
      { type: 'reasoning.text', signature: 'sig', format, index: 0 },
      { type: 'reasoning.encrypted', data: 'secret', format, index: 1 },
      { type: 'reasoning.text', text: 'of another model', signature: 'x', format: 'google-gemini-v1', index: 2 },
      { type: 'reasoning.text', text: 'unsigned', format, index: 3 },
    ];
    const request = calls({ reasoning_details: kept });
    expect(thinking('claude-sonnet-4-5', request)).toMatchObject({ given: { type: 'enabled' } });
    const { messages } = messagesRequest(chatCall(request, { nativeModel: 'claude-sonnet-4-5' }));
    expect(messages).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Let me see.', signature: 'sig' },
          { type: 'redacted_thinking', data: 'secret' },
          { type: 'tool_use' },
        ],
      },
      { role: 'user' },
    ]);
  });
});
