import { chatCall } from '../../../../test/support/chat-call.js';
import { InvalidRequestError } from '../../../platform/errors/request-errors.js';
import type { JsonObject } from '../../../platform/json/json-document.js';
import { messagesRequest } from './anthropic-request.js';

const translated = (request: JsonObject, nativeModel = 'claude-sonnet-4-5') =>
  messagesRequest(chatCall(request, { nativeModel }));
const text = (said: string) => ({ type: 'text', text: said });
const tool = (name: string, more: JsonObject = {}) => ({
  type: 'function',
  function: { name, parameters: { properties: {} }, ...more },
});
const call = (id: string, name: string, input: string) => ({
  id,
  type: 'function',
  function: { name, arguments: input },
});

describe('tools for Anthropic', () => {
  it('describes them in its words, and leaves its own as they are', () => {
    const own = { type: 'web_search_20250305', name: 'web_search' };
    const marked = { ...tool('b', { description: 'B' }), cache_control: { type: 'ephemeral' } };
    expect(translated({ tools: [tool('a', { strict: true }), marked, own] })['tools']).toEqual([
      { name: 'a', input_schema: { type: 'object', properties: {} } },
      {
        name: 'b',
        description: 'B',
        input_schema: { type: 'object', properties: {} },
        cache_control: { type: 'ephemeral' },
      },
      own,
    ]);
  });

  it.each([
    ['take free text', { type: 'custom', custom: { name: 'a' } }],
    ['cost what nobody counts', { type: 'advisor_20260301', name: 'advisor' }],
  ])('refuses those that %s', (_, refused) => {
    expect(() => translated({ tools: [refused] })).toThrow(InvalidRequestError);
  });

  it.each([
    ['auto', {}, { type: 'auto' }],
    ['none', {}, { type: 'none' }],
    ['required', {}, { type: 'any' }],
    [{ type: 'function', function: { name: 'a' } }, {}, { type: 'tool', name: 'a' }],
    [undefined, { parallel_tool_calls: false }, { type: 'auto', disable_parallel_tool_use: true }],
    ['required', { parallel_tool_calls: false }, { type: 'any', disable_parallel_tool_use: true }],
    ['none', { parallel_tool_calls: false }, { type: 'none' }],
    [undefined, { parallel_tool_calls: true }, undefined],
  ])('translates the choice %j with %j', (choice, more, expected) => {
    expect(translated({ tools: [tool('a')], tool_choice: choice, ...more })['tool_choice']).toEqual(expected);
  });

  it('offers only the allowed ones', () => {
    const allowed = { mode: 'required', tools: [{ type: 'function', function: { name: 'b' } }] };
    const choice = { type: 'allowed_tools', allowed_tools: allowed };
    expect(translated({ tools: [tool('a'), tool('b')], tool_choice: choice })).toMatchObject({
      tools: [{ name: 'b' }],
      tool_choice: { type: 'any' },
    });
  });

  it('does not force a model that refuses it', () => {
    expect(translated({ tools: [tool('a')], tool_choice: 'required' }, 'claude-opus-5-5')['tool_choice']).toEqual({
      type: 'auto',
    });
  });

  it('describes tools of the past that may not be called any more', () => {
    const past = { role: 'assistant', tool_calls: [call('1', 'a', '{}'), call('2', 'a', '{}')] };
    const given = [{ role: 'user', content: 'Go' }, past, { role: 'tool', tool_call_id: '1', content: '' }];
    expect(translated({ messages: given })).toMatchObject({
      tools: [{ name: 'a', input_schema: { type: 'object' } }],
      tool_choice: { type: 'none' },
    });
  });
});

describe('an answer in JSON', () => {
  const schema = { type: 'object', properties: { a: { type: 'integer', minimum: 1 } }, required: ['a'] };
  const format = { type: 'json_schema', json_schema: { name: 'x', schema } };
  const tree = { type: 'object', properties: { next: { $ref: '#/$defs/t' } }, $defs: { t: { $ref: '#/$defs/t' } } };

  it('is had natively where model and schema allow it', () => {
    const request = translated({ response_format: format, tools: [tool('a')] });
    expect(request['output_config']).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: { a: { type: 'integer', description: 'minimum: 1' } },
          required: ['a'],
          additionalProperties: false,
        },
      },
    });
    expect(request['tools']).toHaveLength(1);
    expect(request['tool_choice']).toBeUndefined();
  });

  it.each([
    ['an older model', 'claude-sonnet-4-20250514', format],
    ['a schema that is refused', 'claude-opus-4-8', { type: 'json_schema', json_schema: { schema: tree } }],
    ['no schema', 'claude-opus-4-8', { type: 'json_object' }],
  ])('is forced out of a tool for %s', (_, model, wanted) => {
    const request = translated({ response_format: wanted }, model);
    expect(request).toMatchObject({
      tools: [{ name: 'json', input_schema: { type: 'object' } }],
      tool_choice: { type: 'tool', name: 'json', disable_parallel_tool_use: true },
    });
    expect(request['output_config']).toBeUndefined();
  });

  it("lets the caller's tools be called first", () => {
    const request = translated({ response_format: { type: 'json_object' }, tools: [tool('a'), tool('json')] });
    expect(request).toMatchObject({
      tools: [{ name: 'a' }, { name: 'json' }, { name: 'json_answer' }],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    });
  });

  it.each([
    ['that is to think', 'claude-opus-4-8', { reasoning_effort: 'high' }],
    ['that cannot be forced', 'claude-opus-5-5', {}],
  ])('is asked for from a model %s', (_, model, more) => {
    expect(translated({ response_format: { type: 'json_object' }, ...more }, model)).toMatchObject({
      system: [text('Give your answer by calling the tool "json".')],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
  });
});

describe('settings for Anthropic', () => {
  it('are translated, and its own travel on', () => {
    const given = {
      temperature: 1.5,
      stop: ['END', '\n'],
      user: 'u-1',
      service_tier: 'default',
      top_k: 5,
      context_management: { edits: [] },
      seed: 7,
    };
    expect(translated(given)).toEqual({
      model: 'claude-sonnet-4-5',
      messages: [{ role: 'user', content: [text('Hi')] }],
      max_tokens: 32_000,
      temperature: 1,
      stop_sequences: ['END'],
      metadata: { user_id: 'u-1' },
      service_tier: 'standard_only',
      top_k: 5,
      context_management: { edits: [] },
    });
  });

  it('ask for a stream', () => {
    expect(messagesRequest(chatCall({}, { isStream: true }))['stream']).toBe(true);
  });
});
