import * as fc from 'fast-check';
import { chatCall } from '../../../../test/support/chat-call.js';
import type { JsonObject } from '../../../platform/json/json-document.js';
import { inputTokens, outputTokens } from '../../token-usage.js';
import { InBandFailureError, UndecodableReplyError } from '../../upstream-errors.js';
import { openAiUsage } from '../translation/shown-usage.js';
import { bedrockDialect } from './bedrock-dialect.js';
import { readUsage } from './converse-usage.js';

const provider = { id: 'amazon-bedrock' };

function reply(body: JsonObject, request: JsonObject = {}, nativeModel = 'us.anthropic.claude-sonnet-4-5') {
  return bedrockDialect.chatReply(Buffer.from(JSON.stringify(body)), chatCall(request, { nativeModel }), provider);
}
const saying = (content: JsonObject[], stopReason = 'end_turn') => ({
  output: { message: { role: 'assistant', content } },
  stopReason,
});
const choice = (body: JsonObject, request?: JsonObject, model?: string) =>
  (reply(body, request, model).document.value['choices'] as JsonObject[])[0] ?? {};

describe('a reply of Converse', () => {
  it('is a chat completion', () => {
    const { document, usage, text } = reply({
      ...saying([{ text: 'Hel' }, { text: 'lo' }]),
      usage: { inputTokens: 3, outputTokens: 2 },
    });
    expect(document.value).toMatchObject({
      id: 'request-1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'us.anthropic.claude-sonnet-4-5',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello', refusal: null }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    });
    expect([usage?.input, usage?.output, text()]).toEqual([3, 2, 'Hello']);
  });

  it('holds calls, but for those that ran at Amazon', () => {
    const calls = [
      { toolUse: { toolUseId: 't1', name: 'f', input: { a: 1 } } },
      { toolUse: { toolUseId: 't2', name: 'g' } },
      { toolUse: { toolUseId: 't3', name: 'search', type: 'server_tool_use', input: {} } },
    ];
    expect(choice(saying(calls, 'tool_use'))).toMatchObject({
      message: {
        content: null,
        tool_calls: [
          { id: 't1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
          { id: 't2', type: 'function', function: { name: 'g', arguments: '{}' } },
        ],
      },
      finish_reason: 'tool_calls',
    });
  });

  const thoughts = [
    { reasoningContent: { reasoningText: { text: 'Hm', signature: 'signed' } } },
    { reasoningContent: { redactedContent: 'YQ==' } },
    { text: 'Yes' },
  ];

  it('holds thoughts, whose they are, and nothing of them where they are not wanted', () => {
    expect(choice(saying(thoughts))['message']).toMatchObject({
      content: 'Yes',
      reasoning_content: 'Hm',
      reasoning_details: [
        { type: 'reasoning.text', text: 'Hm', signature: 'signed', format: 'anthropic-claude-v1', index: 0 },
        { type: 'reasoning.encrypted', data: 'YQ==', format: 'anthropic-claude-v1', index: 1 },
      ],
    });
    const ofNova = choice(saying(thoughts), {}, 'amazon.nova-2-lite-v1:0')['message'];
    expect(ofNova).toMatchObject({ reasoning_details: [{ format: 'amazon-bedrock-v1' }, {}] });
    expect(JSON.stringify(choice(saying(thoughts), { include_reasoning: false }))).not.toContain('reasoning');
  });

  it('says where cited text comes from', () => {
    const citations = [{ title: 'A', location: { web: { url: 'https://a' } } }, { location: { documentPage: {} } }];
    const content = [{ text: 'Is ' }, { citationsContent: { content: [{ text: 'so' }], citations } }];
    expect(choice(saying(content))['message']).toMatchObject({
      content: 'Is so',
      annotations: [{ url_citation: { start_index: 3, end_index: 5, url: 'https://a', title: 'A' } }],
    });
  });

  it('is what the tool for JSON was called with', () => {
    const called = [{ text: 'Here' }, { toolUse: { toolUseId: 't', name: 'json', input: { a: 1 } } }];
    const { message, finish_reason: reason } = choice(saying(called, 'tool_use'), {
      response_format: { type: 'json_object' },
    });
    expect([message, reason]).toEqual([expect.objectContaining({ content: '{"a":1}' }), 'stop']);
    expect(message).not.toHaveProperty('tool_calls');
  });

  it('must be JSON with content, and what the model can mean', () => {
    const read = (text: string) => () => bedrockDialect.chatReply(Buffer.from(text), chatCall({}), provider);
    expect(read('<html>')).toThrow(UndecodableReplyError);
    expect(read('{"message":"?"}')).toThrow(UndecodableReplyError);
    expect(() => reply(saying([], 'malformed_tool_use'))).toThrow(InBandFailureError);
  });
});

describe('the usage of Converse', () => {
  const anyUsage = fc.record({
    inputTokens: fc.nat(1e6),
    outputTokens: fc.nat(1e6),
    cacheReadInputTokens: fc.nat(1e6),
    cacheWriteInputTokens: fc.nat(1e6),
    cacheDetails: fc.array(fc.record({ ttl: fc.constantFrom('5m', '1h'), inputTokens: fc.nat(1e6) })),
  });

  it('is the same tokens, each in one kind', () => {
    fc.assert(
      fc.property(anyUsage, (given) => {
        const usage = readUsage(given);
        const {
          inputTokens: input,
          cacheReadInputTokens: read,
          cacheWriteInputTokens: written,
          outputTokens: output,
        } = given;
        expect([inputTokens(usage), outputTokens(usage)]).toEqual([input + read + written, output]);
        expect(Math.min(...Object.values(usage).map(Number))).toBeGreaterThanOrEqual(0);
        expect(openAiUsage(usage)).toMatchObject({
          prompt_tokens: input + read + written,
          completion_tokens: output,
          prompt_tokens_details: { cached_tokens: read, cache_write_tokens: written },
        });
      }),
    );
  });

  it('tells writes that live an hour from others, and takes nothing for granted', () => {
    const cacheDetails = [
      { ttl: '1h', inputTokens: 4 },
      { ttl: '5m', inputTokens: 6 },
    ];
    expect(readUsage({ cacheWriteInputTokens: 10, cacheDetails })).toMatchObject({ cacheWrite: 6, cacheWriteHour: 4 });
    expect(readUsage({ inputTokens: -1, outputTokens: 'many', cacheReadInputTokens: null })).toMatchObject({
      input: 0,
      output: 0,
      cacheRead: 0,
    });
  });
});

describe('a refusal of Bedrock', () => {
  const failure = (body: string) => bedrockDialect.failure(Buffer.from(body));

  it.each<[string, object]>([
    ['{"message":"No such field."}', { message: 'No such field.', type: null, code: null }],
    ['{"__type":"com.amazon#ValidationException","Message":"x"}', { message: 'x', type: 'ValidationException' }],
    ['{"message":"Input is too long for requested model."}', { code: 'context_length_exceeded' }],
    ['{"message":"Invocation of model ID a with on-demand throughput isn’t supported."}', { isAccountTrouble: true }],
    ['{"message":"The provided model identifier is invalid."}', { isAccountTrouble: true }],
    ['{}', { message: 'The provider gave no reason.' }],
  ])('%s', (body, expected) => {
    expect(failure(body)).toMatchObject(expected);
  });

  it('does not tell our account, nor what is no JSON', () => {
    expect(failure('{"message":"arn:aws:bedrock:us-east-1:123456789012:x/y is gone."}')?.message).toBe(
      '[redacted] is gone.',
    );
    expect(failure('<html>')).toBeUndefined();
  });
});
