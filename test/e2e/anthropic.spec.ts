import OpenAI from 'openai';
import { ended, frame, start, stop, texts } from '../support/anthropic-events.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { ScriptedServer, type Answer } from '../support/scripted-server.js';

const MODEL = 'anthropic/claude-sonnet-4-5';
const USAGE = { input_tokens: 10, cache_read_input_tokens: 90, output_tokens: 1 };

const STREAM = [
  start({ model: 'claude-sonnet-4-5', usage: USAGE }),
  { type: 'ping' },
  ...texts(0, 'Once', ' upon', ' a time.'),
  ended('end_turn', { output_tokens: 20 }),
  stop,
].map(frame);
const BEGINNING = STREAM.slice(0, 5);

const streaming =
  (pieces: readonly string[]): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces) response.write(piece);
    response.end();
  };

const refusing =
  (status: number, type: string, message: string): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ type: 'error', error: { type, message } }));
  };

describe('Anthropic behind the gateway', () => {
  let provider: ScriptedServer;
  let gateway: Gateway;
  let client: OpenAI;

  beforeAll(async () => {
    provider = await ScriptedServer.start(streaming(STREAM));
    gateway = await startGateway({
      env: { ANTHROPIC_API_KEY: 'sk-ant-0123456789', ANTHROPIC_BASE_URL: provider.url },
    });
    client = new OpenAI({ apiKey: gateway.key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  });

  beforeEach(() => {
    provider.requests.length = 0;
  });

  afterAll(async () => {
    await gateway.stop();
    await provider.close();
  });

  const stream = (more: object = {}) =>
    client.chat.completions.create(
      {
        model: MODEL,
        messages: [{ role: 'user', content: 'Tell me.' }],
        stream: true,
        stream_options: { include_usage: true },
        ...more,
      },
      { headers: { 'anthropic-beta': 'files-api-2025-04-14' } },
    );

  async function read(more: object = {}) {
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of await stream(more)) chunks.push(chunk);
    return {
      text: chunks.map(({ choices: [choice] }) => choice?.delta.content ?? '').join(''),
      reason: chunks.findLast(({ choices }) => choices.length > 0)?.choices[0]?.finish_reason,
      usage: chunks.at(-1)?.usage,
    };
  }

  it('streams to a client of OpenAI, and tells what it used and cost', async () => {
    provider.answer = streaming(STREAM);
    expect(await read()).toMatchObject({
      text: 'Once upon a time.',
      reason: 'stop',
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        prompt_tokens_details: { cached_tokens: 90 },
        // 10 at $3, 90 at $0.30 and 20 at $15 a million.
        cost: 0.000357,
      },
    });
  });

  it('is asked in its own words, with its own key', async () => {
    provider.answer = streaming(STREAM);
    await read({ max_tokens: 100, stop: 'END' });
    const [{ message, body } = { message: undefined, body: '' }] = provider.requests;
    expect(message?.url).toBe('/messages');
    expect(message?.headers).toMatchObject({
      'x-api-key': 'sk-ant-0123456789',
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'files-api-2025-04-14',
    });
    expect(message?.headers.authorization).toBeUndefined();
    expect(JSON.parse(body)).toEqual({
      model: 'claude-sonnet-4-5',
      stream: true,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Tell me.' }] }],
      max_tokens: 100,
      stop_sequences: ['END'],
    });
  });

  it.each([
    ['was cut', []],
    ['failed', [frame({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })]],
  ])('does not look complete when its stream %s', async (_, rest) => {
    provider.answer = streaming([...BEGINNING, ...rest]);
    await expect(read()).rejects.toThrow();
  });

  it('says what is wrong with a request', async () => {
    provider.answer = refusing(400, 'invalid_request_error', 'prompt is too long: 9 tokens > 8 maximum');
    await expect(stream()).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' });
  });

  it('is not asked what it could not be asked', async () => {
    const audio = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } };
    const messages = [{ role: 'user', content: [audio] }];
    await expect(stream({ messages })).rejects.toMatchObject({ status: 400, param: 'messages.0.content.0' });
    expect(provider.requests).toHaveLength(0);
  });

  it('tells that it is overloaded', async () => {
    provider.answer = refusing(529, 'overloaded_error', 'Overloaded');
    await expect(stream()).rejects.toMatchObject({ status: 429 });
  });
});
