import { answered, asked, called, CLAUDE, LLAMA, sent, tool } from '../../../../test/support/converse-requests.js';
import { InvalidRequestError } from '../../../platform/errors/request-errors.js';
import type { JsonObject } from '../../../platform/json/json-document.js';

const PNG = 'data:image/png;base64,aWNvbg==';
const messagesOf = (messages: JsonObject[], nativeModel = CLAUDE) => sent({ messages }, nativeModel)['messages'];

describe('messages for Converse', () => {
  it('stand apart from what the system or the developer says', () => {
    const request = sent({
      messages: [
        { role: 'system', content: 'Be brief' },
        asked,
        { role: 'developer', content: [{ type: 'text', text: 'Now' }] },
      ],
    });
    expect(request['system']).toEqual([{ text: 'Be brief' }, { text: 'Now' }]);
    expect(request['messages']).toEqual([{ role: 'user', content: [{ text: 'Hi' }] }]);
  });

  it('of one side in a row are one turn, and a silent side has none', () => {
    const messages = [
      asked,
      { role: 'assistant', content: ' ' },
      { role: 'user', content: 'Well?' },
      { role: 'assistant', content: 'So: ' },
    ];
    expect(messagesOf(messages)).toEqual([
      { role: 'user', content: [{ text: 'Hi' }, { text: 'Well?' }] },
      { role: 'assistant', content: [{ text: 'So:' }] },
    ]);
  });

  it('hold calls, and several results in one turn of the user', () => {
    const calls = { ...called(), tool_calls: [...called().tool_calls, ...called('2').tool_calls] };
    expect(
      messagesOf([asked, calls, answered('one'), answered([{ type: 'image_url', image_url: { url: PNG } }], '2')]),
    ).toEqual([
      { role: 'user', content: [{ text: 'Hi' }] },
      {
        role: 'assistant',
        content: ['call_1', '2'].map((toolUseId) => ({ toolUse: { toolUseId, name: 'f', input: { a: 1 } } })),
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: 'call_1', content: [{ text: 'one' }] } },
          { toolResult: { toolUseId: '2', content: [{ image: { format: 'png', source: { bytes: 'aWNvbg==' } } }] } },
        ],
      },
    ]);
  });

  it('give calls and their results the short ids that Mistral wants', () => {
    const turns = messagesOf([asked, called(), answered('x')], 'mistral.mistral-large-2402-v1:0') as {
      content: JsonObject[];
    }[];
    const ids = [turns[1]?.content[0]?.['toolUse'], turns[2]?.content[0]?.['toolResult']].map(
      (block) => (block as JsonObject)['toolUseId'],
    );
    expect(ids[0]).toMatch(/^[a-z0-9]{9}$/);
    expect(ids[1]).toBe(ids[0]);
  });

  it.each<[string, JsonObject, JsonObject]>([
    [
      'an image',
      { type: 'image_url', image_url: { url: PNG } },
      { image: { format: 'png', source: { bytes: 'aWNvbg==' } } },
    ],
    [
      'an image whose type is misspelt',
      { type: 'image_url', image_url: 'data:image/jpg;base64,AA==' },
      { image: { format: 'jpeg', source: { bytes: 'AA==' } } },
    ],
    [
      'a video',
      { type: 'video_url', video_url: { url: 'data:video/mp4;base64,AA==' } },
      { video: { format: 'mp4', source: { bytes: 'AA==' } } },
    ],
    [
      'a PDF, without characters that Amazon refuses in its name',
      { type: 'file', file: { filename: 'My  report_v1.2!.pdf', file_data: 'data:application/pdf;base64,AA==' } },
      { document: { format: 'pdf', name: 'My report-v1-2-', source: { bytes: 'AA==' } } },
    ],
    [
      'a text without a name',
      { type: 'file', file: { file_data: 'data:text/x-script;base64,AA==' } },
      { document: { format: 'txt', name: 'document', source: { bytes: 'AA==' } } },
    ],
    [
      'a sound',
      { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
      { audio: { format: 'wav', source: { bytes: 'AA==' } } },
    ],
    ['a refusal', { type: 'refusal', refusal: 'No' }, { text: 'No' }],
  ])('hold %s', (_, part, block) => {
    expect(messagesOf([{ role: 'user', content: [part] }])).toEqual([{ role: 'user', content: [block] }]);
  });

  it.each<[string, JsonObject, string]>([
    ['an address', { type: 'image_url', image_url: { url: 'https://a/b.png' } }, 'messages.0.content.0'],
    ['an address in our own S3', { type: 'image_url', image_url: { url: 's3://ours/b.png' } }, 'messages.0.content.0'],
    [
      'a type that Converse has no word for',
      { type: 'file', file: { file_data: 'data:a/b;base64,AA==' } },
      'messages.0.content.0',
    ],
    ['a file that is elsewhere', { type: 'file', file: { file_id: 'file-1' } }, 'messages.0.content.0'],
    ['a part that nobody knows', { type: 'of_tomorrow' }, 'messages.0.content.0'],
  ])('are refused with %s', (_, part, param) => {
    const refused = expect.objectContaining({ kind: 'invalid_request', param }) as InvalidRequestError;
    expect(() => messagesOf([{ role: 'user', content: [part] }])).toThrow(refused);
  });

  it('are refused when they call a function with what is no object, or are nobody’s', () => {
    const wrong = { role: 'assistant', tool_calls: [{ id: '1', function: { name: 'f', arguments: '[1]' } }] };
    expect(() => messagesOf([asked, wrong])).toThrow(InvalidRequestError);
    expect(() => messagesOf([{ role: 'ghost', content: 'Boo' }])).toThrow(InvalidRequestError);
  });

  const mark = { cache_control: { type: 'ephemeral', ttl: '1h' } };
  const point = { cachePoint: { type: 'default' } };

  it('are cached up to the marks on parts, messages, results and tools', () => {
    const request = sent({
      messages: [
        { role: 'system', content: 'Long', ...mark },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Longer', ...mark },
            { type: 'text', text: '?' },
          ],
        },
        called(),
        answered([{ type: 'text', text: 'x', ...mark }]),
      ],
      tools: [tool('f', mark), tool('g')],
    });
    expect(request['system']).toEqual([{ text: 'Long' }, point]);
    expect(request['messages']).toMatchObject([
      { content: [{ text: 'Longer' }, point, { text: '?' }] },
      {},
      { content: [{ toolResult: { content: [{ text: 'x' }] } }, point] },
    ]);
    expect(request['toolConfig']).toMatchObject({
      tools: [{ toolSpec: { name: 'f' } }, point, { toolSpec: { name: 'g' } }],
    });
  });

  it('carry no marks to models that cache nothing, and none behind nothing', () => {
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'Long', ...mark }] }];
    expect(messagesOf(messages, LLAMA)).toEqual([{ role: 'user', content: [{ text: 'Long' }] }]);
    expect(
      messagesOf([
        {
          role: 'user',
          content: [
            { type: 'text', text: '', ...mark },
            { type: 'text', text: 'x' },
          ],
        },
      ]),
    ).toEqual([{ role: 'user', content: [{ text: 'x' }] }]);
  });

  it('give the model its own thoughts back, before what it said', () => {
    const format = 'anthropic-claude-v1';
    const details = [
      { type: 'reasoning.text', text: 'H', format, index: 0 },
      { type: 'reasoning.text', text: 'm', signature: 'signed', format, index: 0 },
      { type: 'reasoning.encrypted', data: 'YQ==', format, index: 1 },
      { type: 'reasoning.text', text: 'of another', signature: 's', format: 'google-gemini-v1', index: 2 },
      { type: 'reasoning.text', text: 'unsigned', format, index: 3 },
    ];
    expect(messagesOf([asked, { role: 'assistant', content: 'Yes', reasoning_details: details }])).toMatchObject([
      {},
      {
        content: [
          { reasoningContent: { reasoningText: { text: 'Hm', signature: 'signed' } } },
          { reasoningContent: { redactedContent: 'YQ==' } },
          { text: 'Yes' },
        ],
      },
    ]);
  });
});
