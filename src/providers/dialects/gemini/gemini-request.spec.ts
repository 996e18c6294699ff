import { chatCall } from '../../../../test/support/chat-call.js';
import { InvalidRequestError } from '../../../platform/errors/request-errors.js';
import type { JsonObject } from '../../../platform/json/json-document.js';
import { geminiDialect } from './gemini-dialect.js';
import { generateRequest } from './gemini-request.js';

const requestOf = (request: JsonObject, model = 'gemini-2.5-flash'): JsonObject =>
  generateRequest(chatCall(request, { nativeModel: model }));
const configOf = (request: JsonObject, model?: string): unknown => requestOf(request, model)['generationConfig'];
const WEATHER = {
  type: 'function',
  function: { name: 'weather', parameters: { properties: { city: { type: 'string' } } } },
};
const CALL = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } };

describe('a request for Gemini', () => {
  it('goes to the method for its kind', () => {
    const path = (isStream: boolean) =>
      geminiDialect.chatRequest(chatCall({}, { isStream, nativeModel: 'gemini-3-pro' }), { id: 'google' }).path;
    expect([path(false), path(true)]).toEqual([
      '/models/gemini-3-pro:generateContent',
      '/models/gemini-3-pro:streamGenerateContent?alt=sse',
    ]);
  });

  it('sets instructions apart, and joins messages of one side', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: [{ type: 'text', text: 'And kind.' }] },
      { role: 'user', content: 'Hi' },
      { role: 'user', content: '' },
      { role: 'user', content: 'there' },
      { role: 'assistant', content: 'Hello' },
    ];
    expect(requestOf({ messages })).toEqual({
      systemInstruction: { parts: [{ text: 'Be brief.' }, { text: 'And kind.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }, { text: 'there' }] },
        { role: 'model', parts: [{ text: 'Hello' }] },
      ],
    });
  });

  it.each([
    [
      { type: 'image_url', image_url: { url: 'data:image/jpg;base64,AAAA' } },
      { inlineData: { mimeType: 'image/jpeg', data: 'AAAA' } },
    ],
    [
      { type: 'image_url', image_url: { url: 'https://x.example/cat.PNG?size=1' } },
      { fileData: { mimeType: 'image/png', fileUri: 'https://x.example/cat.PNG?size=1' } },
    ],
    [
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
      { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } },
    ],
    [
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
      { inlineData: { mimeType: 'application/pdf', data: 'AAAA' } },
    ],
    [
      { type: 'file', file: { file_id: 'gs://bucket/a.pdf' } },
      { fileData: { mimeType: 'application/pdf', fileUri: 'gs://bucket/a.pdf' } },
    ],
  ])('holds the part %j', (part, expected) => {
    expect(requestOf({ messages: [{ role: 'user', content: [part] }] })['contents']).toEqual([
      { role: 'user', parts: [expected] },
    ]);
  });

  it('calls functions by their names, and gives the results back as the user', () => {
    const messages = [
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: null, tool_calls: [CALL, { ...CALL, id: 'c2' }] },
      { role: 'tool', tool_call_id: 'c1', content: '{"degrees":20}' },
      { role: 'tool', tool_call_id: 'c2', content: 'warm' },
    ];
    const call = { functionCall: { name: 'weather', args: { city: 'Rome' } } };
    expect(requestOf({ messages })['contents']).toEqual([
      { role: 'user', parts: [{ text: 'Weather?' }] },
      { role: 'model', parts: [call, call] },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'weather', response: { degrees: 20 } } },
          { functionResponse: { name: 'weather', response: { output: 'warm' } } },
        ],
      },
    ]);
  });

  it.each([
    [
      'kept in details',
      { reasoning_details: [{ type: 'reasoning.encrypted', data: 'S', format: 'google-gemini-v1', id: 'c1' }] },
      {},
      'S',
    ],
    ['kept beside the call', {}, { extra_content: { google: { thought_signature: 'T' } } }, 'T'],
    [
      "another model's",
      { reasoning_details: [{ type: 'reasoning.encrypted', data: 'X', format: 'other', id: 'c1' }] },
      {},
      'skip_thought_signature_validator',
    ],
  ])('gives a signature back that was %s', (...[, message, call, signature]) => {
    const messages = [
      {
        role: 'assistant',
        tool_calls: [
          { ...CALL, ...call },
          { ...CALL, id: 'c2' },
        ],
        ...message,
      },
    ];
    const [turn] = requestOf({ messages }, 'gemini-3-pro')['contents'] as { parts: JsonObject[] }[];
    expect(turn?.parts.map((part) => part['thoughtSignature'])).toEqual([signature, undefined]);
  });

  it('puts the signature of a text beside the text', () => {
    const details = [{ type: 'reasoning.encrypted', data: 'S', format: 'google-gemini-v1' }];
    const messages = [{ role: 'assistant', content: 'Hello', reasoning_details: details }];
    expect(requestOf({ messages })['contents']).toEqual([
      { role: 'model', parts: [{ text: 'Hello', thoughtSignature: 'S' }] },
    ]);
  });

  it.each([
    ['auto', { mode: 'AUTO' }],
    ['none', { mode: 'NONE' }],
    ['required', { mode: 'ANY' }],
    [
      { type: 'function', function: { name: 'weather' } },
      { mode: 'ANY', allowedFunctionNames: ['weather'] },
    ],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [WEATHER] } }, { mode: 'ANY' }],
  ])('chooses tools by %j', (choice, config) => {
    const request = requestOf({ tools: [WEATHER], tool_choice: choice });
    expect(request['toolConfig']).toEqual({ functionCallingConfig: config });
    expect(request['tools']).toEqual([
      { functionDeclarations: [{ name: 'weather', parametersJsonSchema: WEATHER.function.parameters }] },
    ]);
  });

  it('hands tools of Google on', () => {
    expect(requestOf({ tools: [{ googleSearch: {} }] })['tools']).toEqual([{ googleSearch: {} }]);
  });

  it('says everything that Google has a word for', () => {
    const request = {
      temperature: 0.5,
      top_p: 0.9,
      seed: 7,
      n: 2,
      stop: 'END',
      max_completion_tokens: 100,
      logprobs: true,
      top_logprobs: 3,
      response_format: { type: 'json_schema', json_schema: { schema: { type: 'object' } } },
      modalities: ['text', 'image'],
    };
    expect(configOf(request)).toEqual({
      temperature: 0.5,
      topP: 0.9,
      seed: 7,
      candidateCount: 2,
      stopSequences: ['END'],
      maxOutputTokens: 100,
      responseLogprobs: true,
      logprobs: 3,
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object' },
      responseModalities: ['TEXT', 'IMAGE'],
    });
  });

  it('writes no more than the caller can pay for, in all candidates together', () => {
    const call = chatCall({ n: 2, max_tokens: 100 }, { outputLimit: 90 });
    expect(generateRequest(call)['generationConfig']).toMatchObject({ maxOutputTokens: 45 });
  });

  it.each([
    ['gemini-2.5-flash', { reasoning_effort: 'low' }, { thinkingBudget: 1_024, includeThoughts: true }],
    ['gemini-2.5-flash', { reasoning_effort: 'none' }, { thinkingBudget: 0 }],
    ['gemini-2.5-pro', { reasoning: { enabled: false } }, { thinkingBudget: 128 }],
    ['gemini-2.5-pro', { reasoning: { enabled: true } }, { thinkingBudget: -1, includeThoughts: true }],
    [
      'gemini-2.5-pro',
      { reasoning: { max_tokens: 500, exclude: true } },
      { thinkingBudget: 500, includeThoughts: false },
    ],
    ['gemini-3-pro', { reasoning_effort: 'medium' }, { thinkingLevel: 'medium', includeThoughts: true }],
    ['gemini-3-pro', { reasoning_effort: 'minimal' }, { thinkingLevel: 'low', includeThoughts: true }],
    ['gemini-3-flash', { reasoning_effort: 'none' }, { thinkingLevel: 'minimal' }],
    ['gemini-3-flash', { reasoning: { max_tokens: 20_000 } }, { thinkingLevel: 'high', includeThoughts: true }],
    ['gemini-2.0-flash', { reasoning_effort: 'high' }, undefined],
    ['gemini-3-flash', {}, undefined],
  ])('%s thinks for %j', (model, request, thinkingConfig) => {
    expect(configOf(request, model)).toEqual(thinkingConfig && { thinkingConfig });
  });

  it.each([
    [{ logit_bias: {}, n: 1 }, 'gemini-3-pro', ['logit_bias']],
    [{ parallel_tool_calls: false }, 'gemini-3-pro', ['parallel_tool_calls']],
    [{ tools: [WEATHER], response_format: { type: 'json_object' } }, 'gemini-2.5-pro', ['response_format']],
    [{ tools: [WEATHER], response_format: { type: 'json_object' } }, 'google/gemini-3-pro', []],
    [{ reasoning_effort: 'low' }, 'gemini-2.0-flash', ['reasoning_effort']],
    [{ temperature: 1, models: ['x'], stream: true, user: 'u' }, 'gemini-3-pro', []],
  ])('would drop of %j for %s: %j', (request, model, names) => {
    expect(geminiDialect.dropped({ ...request, model }, { id: 'google' })).toEqual(names);
  });

  it.each([
    [{ role: 'user', content: [{ type: 'hologram' }] }, 'messages.0.content.0'],
    [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'cat.png' } }] }, 'messages.0.content.0'],
    [
      { role: 'assistant', tool_calls: [{ ...CALL, function: { name: 'f', arguments: '[' } }] },
      'messages.0.tool_calls.0',
    ],
    [{ role: 'tool', tool_call_id: 'unknown', content: '' }, 'messages.0.tool_call_id'],
    [{ role: 'oracle', content: '' }, 'messages.0.role'],
  ])('refuses %j, and says where', (message, param) => {
    expect(() => requestOf({ messages: [message] })).toThrow(InvalidRequestError);
    expect(paramOf(() => requestOf({ messages: [message] }))).toBe(param);
  });
});

function paramOf(action: () => unknown): string | null {
  try {
    action();
    return null;
  } catch (error) {
    return error instanceof InvalidRequestError ? error.param : null;
  }
}
