import { chatCall } from '../../../../test/support/chat-call.js';
import { InvalidRequestError } from '../../../platform/errors/request-errors.js';
import type { JsonObject } from '../../../platform/json/json-document.js';
import { messagesRequest } from './anthropic-request.js';

const messages = (...given: JsonObject[]) => messagesRequest(chatCall({ messages: given }));
const text = (said: string) => ({ type: 'text', text: said });
const call = (id: string, name: string, input: string) => ({
  id,
  type: 'function',
  function: { name, arguments: input },
});

describe('messages for Anthropic', () => {
  it('puts what the system and the developer say first, and joins what one side says in a row', () => {
    expect(
      messages(
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'One' },
        { role: 'developer', content: [text('Be kind.')] },
        { role: 'user', content: [text('Two'), text('')] },
        { role: 'assistant', content: 'Three' },
        { role: 'assistant', content: null },
        { role: 'user', content: 'Four' },
      ),
    ).toMatchObject({
      system: [text('Be brief.'), text('Be kind.')],
      messages: [
        { role: 'user', content: [text('One'), text('Two')] },
        { role: 'assistant', content: [text('Three')] },
        { role: 'user', content: [text('Four')] },
      ],
    });
  });

  it.each([
    [
      'an image in the request',
      { type: 'image_url', image_url: { url: 'data:image/jpg;base64,AAAA' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AAAA' } },
    ],
    [
      'an image elsewhere',
      { type: 'image_url', image_url: { url: 'https://a.example/b.png', detail: 'low' } },
      { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } },
    ],
    [
      'a PDF',
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' } },
      {
        type: 'document',
        title: 'a.pdf',
        source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERg==' },
      },
    ],
    [
      'a PDF elsewhere',
      { type: 'file', file: { file_data: 'https://a.example/b.pdf' } },
      { type: 'document', source: { type: 'url', url: 'https://a.example/b.pdf' } },
    ],
    [
      'a text',
      { type: 'file', file: { file_data: 'data:text/markdown;charset=utf-8;base64,w7w=' } },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'ü' } },
    ],
    [
      'an image as a file',
      { type: 'file', file: { filename: 'a.png', file_data: 'data:image/png;base64,AAAA' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
    ],
    [
      'a file that Anthropic keeps',
      { type: 'file', file: { file_id: 'file_1' } },
      { type: 'document', source: { type: 'file', file_id: 'file_1' } },
    ],
    [
      'a mark behind which to cache',
      { ...text('Long'), cache_control: { type: 'ephemeral', ttl: '1h' } },
      { ...text('Long'), cache_control: { type: 'ephemeral', ttl: '1h' } },
    ],
    [
      "a block of Anthropic's own",
      { type: 'document', source: { type: 'text', data: 'a' }, citations: { enabled: true } },
      { type: 'document', source: { type: 'text', data: 'a' }, citations: { enabled: true } },
    ],
  ])('translates %s', (_, part, block) => {
    expect(messages({ role: 'user', content: [part] })['messages']).toEqual([{ role: 'user', content: [block] }]);
  });

  it.each([
    ['sound', { role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }, 'messages.0.content.0'],
    [
      'an image that is neither here nor there',
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'gs://a/b' } }] },
      'messages.0.content.0',
    ],
    ['a file without data', { role: 'user', content: [text('a'), { type: 'file', file: {} }] }, 'messages.0.content.1'],
    ['an unknown role', { role: 'function', name: 'f', content: '1' }, 'messages.0.role'],
    [
      'arguments that are not JSON',
      { role: 'assistant', tool_calls: [call('a', 'f', '{"x":')] },
      'messages.0.tool_calls.0',
    ],
  ])('refuses %s and says where it stands', (_, message, param) => {
    expect(refusalOf(() => messages(message))).toBe(param);
  });

  it('gives all results of a turn back in one, and makes ids of other providers presentable', () => {
    expect(
      messages(
        { role: 'user', content: 'Weather?' },
        {
          role: 'assistant',
          content: 'Looking.',
          tool_calls: [call('functions.w:0', 'w', '{"city":"Rome"}'), call('b', 'now', '')],
        },
        { role: 'tool', tool_call_id: 'functions.w:0', content: 'Sun', cache_control: { type: 'ephemeral' } },
        { role: 'tool', tool_call_id: 'b', content: [text('Noon')] },
        { role: 'user', content: 'And?' },
      )['messages'],
    ).toEqual([
      { role: 'user', content: [text('Weather?')] },
      {
        role: 'assistant',
        content: [
          text('Looking.'),
          { type: 'tool_use', id: 'functions_w_0', name: 'w', input: { city: 'Rome' } },
          { type: 'tool_use', id: 'b', name: 'now', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'functions_w_0',
            content: [text('Sun')],
            cache_control: { type: 'ephemeral' },
          },
          { type: 'tool_result', tool_use_id: 'b', content: [text('Noon')] },
          text('And?'),
        ],
      },
    ]);
  });

  it('lets the beginning of an answer not end in white space', () => {
    const begun = (content: string) =>
      messages({ role: 'user', content: 'Go' }, { role: 'assistant', content })['messages'];
    expect(begun('So: \n')).toMatchObject([{ role: 'user' }, { role: 'assistant', content: [text('So:')] }]);
    expect(begun('\n')).toMatchObject([{ role: 'user' }]);
  });
});

/** The member of the request that is at fault. */
function refusalOf(translate: () => unknown): string | null | undefined {
  try {
    translate();
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.param;
    throw error;
  }
  return undefined;
}
