import { chatCall } from '../../../../test/support/chat-call.js';
import type { JsonObject } from '../../../platform/json/json-document.js';
import { InBandFailureError, UndecodableReplyError } from '../../upstream-errors.js';
import { anthropicDialect } from './anthropic-dialect.js';

const PROVIDER = { id: 'anthropic' };

function reply(message: JsonObject, request: JsonObject = {}) {
  const bytes = Buffer.from(JSON.stringify({ id: 'msg_1', type: 'message', model: 'claude-x', ...message }));
  return anthropicDialect.chatReply(bytes, chatCall(request), PROVIDER);
}

function choice(message: JsonObject, request: JsonObject = {}) {
  const [only] = reply(message, request).document.value['choices'] as JsonObject[];
  return only;
}

describe('a reply of Anthropic', () => {
  it('is a chat.completion', () => {
    const { document, usage, text } = reply({
      content: [{ type: 'text', text: 'Hello' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 3, output_tokens: 2, cache_read_input_tokens: 4 },
    });
    expect(document.value).toEqual({
      id: 'msg_1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'claude-x',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 7,
        completion_tokens: 2,
        total_tokens: 9,
        prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
    expect(usage).toMatchObject({ input: 3, cacheRead: 4, output: 2 });
    expect(text()).toBe('Hello');
  });

  it('has thoughts, calls and no content where nothing was said', () => {
    const content = [
      { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
      { type: 'redacted_thinking', data: 'secret' },
      { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
      { type: 'tool_use', id: 'b', name: 'g' },
      { type: 'of tomorrow' },
    ];
    expect(choice({ content, stop_reason: 'tool_use' })).toMatchObject({
      message: {
        content: null,
        reasoning_content: 'Hm.',
        reasoning_details: [
          { type: 'reasoning.text', text: 'Hm.', signature: 'sig', format: 'anthropic-claude-v1', index: 0 },
          { type: 'reasoning.encrypted', data: 'secret', format: 'anthropic-claude-v1', index: 1 },
        ],
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
          { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
        ],
      },
      finish_reason: 'tool_calls',
    });
    const hidden = choice({ content }, { reasoning: { exclude: true } });
    expect(JSON.stringify(hidden)).not.toContain('reasoning');
  });

  it('says which of its text is from where', () => {
    const citation = { type: 'web_search_result_location', url: 'https://a.example', title: null, cited_text: 'x' };
    const own = { type: 'char_location', document_index: 0, cited_text: 'x' };
    const found = { type: 'search_result_location', source: 'https://b.example', title: 'B' };
    const content = [
      { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
      { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
      { type: 'text', text: 'It is ' },
      { type: 'text', text: 'sunny', citations: [citation, own, found] },
    ];
    expect(choice({ content })).toMatchObject({
      message: {
        content: 'It is sunny',
        annotations: [
          {
            type: 'url_citation',
            url_citation: { start_index: 6, end_index: 11, url: 'https://a.example', title: 'https://a.example' },
          },
          { url_citation: { url: 'https://b.example', title: 'B' } },
        ],
      },
    });
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['pause_turn', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool_calls'],
    ['refusal', 'content_filter'],
    ['of tomorrow', 'stop'],
  ])('that ended for %s ended for %s', (reason, expected) => {
    expect(choice({ content: [], stop_reason: reason })).toMatchObject({
      message: { content: '' },
      finish_reason: expected,
    });
  });

  it('tells why it was refused', () => {
    const message = { content: [], stop_reason: 'refusal', stop_details: { type: 'refusal', explanation: 'No.' } };
    expect(choice(message)).toMatchObject({ message: { refusal: 'No.' }, finish_reason: 'content_filter' });
  });

  it('has the answer as its content, where a tool was the way to it', () => {
    const content = [
      { type: 'text', text: 'Here:' },
      { type: 'tool_use', id: 'a', name: 'json', input: { x: 1 } },
    ];
    const json = { response_format: { type: 'json_object' } };
    expect(choice({ content, stop_reason: 'tool_use' }, json)).toEqual({
      index: 0,
      message: { role: 'assistant', content: '{"x":1}', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    });
    expect(choice({ content, stop_reason: 'tool_use' })).toMatchObject({ finish_reason: 'tool_calls' });
  });

  it('may be a failure after all', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    expect(() => reply(error)).toThrow(InBandFailureError);
    expect(() => reply({ content: 'x' })).toThrow(UndecodableReplyError);
    expect(() => anthropicDialect.chatReply(Buffer.from('<html>'), chatCall({}), PROVIDER)).toThrow(
      UndecodableReplyError,
    );
  });
});

describe('a failure of Anthropic', () => {
  const failure = (body: unknown) => anthropicDialect.failure(Buffer.from(JSON.stringify(body)));

  it.each([
    ['max_tokens: 9 > 8', null],
    ['prompt is too long: 9 tokens > 8 maximum', 'context_length_exceeded'],
    ['input length and `max_tokens` exceed context limit: 9 + 1 > 8', 'context_length_exceeded'],
  ])('says "%s" and means %s', (message, code) => {
    expect(failure({ type: 'error', error: { type: 'invalid_request_error', message } })).toEqual({
      message,
      type: 'invalid_request_error',
      code,
      param: null,
    });
  });

  it('gives no key away, and may be a page', () => {
    expect(failure({ error: { message: 'Bad key sk-ant-api03-abcdefgh' } })?.message).toBe('Bad key [redacted]');
    expect(anthropicDialect.failure(Buffer.from('<html>'))).toBeUndefined();
  });
});

describe('models of Anthropic', () => {
  it('are read with when they came and how much they read', () => {
    const data = [
      { type: 'model', id: 'claude-a', created_at: '2026-02-03T00:00:00Z', max_input_tokens: 200_000 },
      { type: 'model', id: 'claude-b', created_at: 'some day' },
      { type: 'model' },
    ];
    expect(anthropicDialect.models(Buffer.from(JSON.stringify({ data })))).toEqual([
      { nativeId: 'claude-a', created: 1_770_076_800, contextLength: 200_000 },
      { nativeId: 'claude-b', created: undefined, contextLength: undefined },
    ]);
  });
});
