import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tokenReply, userCredentials } from '../../test/support/google-credentials.js';
import { readEnv } from '../config/env.js';
import { JsonDocument } from '../platform/json/json-document.js';
import { ALL_PROVIDERS } from './all-providers.js';
import { connect, variablesOf } from './connected-provider.js';
import type { ChatCall, Dialect } from './dialect.js';
import { anthropicDialect } from './dialects/anthropic/anthropic-dialect.js';
import { bedrockDialect } from './dialects/bedrock/bedrock-dialect.js';
import { geminiDialect } from './dialects/gemini/gemini-dialect.js';
import { openAiDialect } from './dialects/openai/openai-dialect.js';
import type { LlmProvider } from './llm-provider.js';
import { baseUrlVariable } from './provider-settings.js';
import { UpstreamClient } from './services/upstream-client.js';

const env = readEnv({});
const REQUEST = JsonDocument.parse(
  Buffer.from('{"model":"ours","messages":[{"role":"user","content":"Hi"}],"max_tokens":5}'),
);

const CALL: ChatCall = {
  request: REQUEST,
  nativeModel: 'theirs',
  isStream: true,
  outputLimit: undefined,
  requestId: 'r',
  createdAt: 1,
};

/** Where the server gives tokens, for providers that want one. */
const TOKEN_PATH = '/base/token';

/** A variable of a provider, as it is set where everything is at this address. */
function settingFor(name: string, url: string): string {
  if (name === 'GOOGLE_APPLICATION_CREDENTIALS') return userCredentials(`${url}/token`);
  return name.endsWith('_ENDPOINT') ? url : 'a-secret';
}

/** How a dialect asks, and answers, the same as all others. */
interface Sample {
  readonly dialect: Dialect;
  /** A whole reply that says Hello, for 3 tokens and 2. */
  readonly reply: string;
  /** What a request for our CALL holds, at least. */
  readonly request: object;
  readonly outputLimit: (request: Record<string, unknown>) => unknown;
}

/** One for each dialect. */
const SAMPLES: readonly Sample[] = [
  {
    dialect: openAiDialect,
    reply: '{"choices":[{"index":0,"message":{"content":"Hello"}}],"usage":{"prompt_tokens":3,"completion_tokens":2}}',
    request: { model: 'theirs', messages: [{ role: 'user', content: 'Hi' }] },
    outputLimit: (request) => request['max_tokens'] ?? request['max_completion_tokens'],
  },
  {
    dialect: anthropicDialect,
    reply: '{"type":"message","content":[{"type":"text","text":"Hello"}],"usage":{"input_tokens":3,"output_tokens":2}}',
    request: { model: 'theirs', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] },
    outputLimit: (request) => request['max_tokens'],
  },
  {
    dialect: geminiDialect,
    reply:
      '{"candidates":[{"content":{"parts":[{"text":"Hello"}]}}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2}}',
    request: { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
    outputLimit: (request) => (request['generationConfig'] as Record<string, unknown>)['maxOutputTokens'],
  },
  {
    dialect: bedrockDialect,
    reply: '{"output":{"message":{"content":[{"text":"Hello"}]}},"usage":{"inputTokens":3,"outputTokens":2}}',
    request: { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] },
    outputLimit: (request) => (request['inferenceConfig'] as Record<string, unknown>)['maxTokens'],
  },
];

function sampleOf({ dialect }: LlmProvider): Sample {
  const sample = SAMPLES.find((one) => one.dialect === dialect);
  if (!sample) throw new Error('There is no sample of this dialect.');
  return sample;
}

/** What holds for every provider, whatever it does differently. */
describe.each(ALL_PROVIDERS.map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
  let server: Server;
  let received: { request: IncomingMessage; body: string } | undefined;
  const client = new UpstreamClient(env);

  beforeAll((done) => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        if (request.url === TOKEN_PATH) {
          response.setHeader('content-type', 'application/json');
          response.end(tokenReply('a-secret'));
          return;
        }
        received = { request, body };
        response.end(sampleOf(provider).reply);
      });
    }).listen(0, '127.0.0.1', done);
  });

  afterAll(async () => {
    await client.onApplicationShutdown();
    server.close();
  });

  it('is asked where its base URL is overridden to, with its key, for its own name of the model', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
    const needed = variablesOf(provider).filter((name) => provider.ownSettings?.knobs[name]?.fallback === undefined);
    const variables = {
      ...Object.fromEntries(needed.map((name) => [name, settingFor(name, url)])),
      [baseUrlVariable(id)]: url,
    };
    const connected = connect(provider, variables, env);
    if (!connected) throw new Error('not connected');
    const { path, body } = provider.dialect.chatRequest(CALL, provider);
    const exchange = await client.send({
      providerId: id,
      method: 'POST',
      url: connected.baseUrl + path,
      headers: {
        ...connected.headers,
        ...(await connected.signer?.headersFor({
          method: 'POST',
          url: connected.baseUrl + path,
          headers: connected.headers,
          body,
        })),
      },
      body,
      deadlines: connected.deadlines,
    });
    const reply = provider.dialect.chatReply(await exchange.whole(), CALL, provider);

    const sent = JSON.parse(received?.body ?? '') as Record<string, unknown>;
    expect(received?.request.url?.startsWith('/base/')).toBe(true);
    const sample = sampleOf(provider);
    expect(sent).toMatchObject(sample.request);
    expect(sample.outputLimit(sent)).toBe(5);
    const asksForUsage = provider.dialect === openAiDialect && provider.refusesStreamOptions !== true;
    expect('stream_options' in sent).toBe(asksForUsage);
    const headers = JSON.stringify(received?.request.headers);
    const isSecured = provider.apiKeyVariable !== undefined || provider.signer !== undefined;
    expect(headers.includes('a-secret')).toBe(isSecured);
    expect(reply).toMatchObject({ usage: { input: 3, output: 2 } });
    expect(reply.text()).toBe('Hello');
  });

  it('is not enabled without its key', () => {
    const isKeyless = provider.apiKeyVariable === undefined && !provider.baseUrl.includes('{');
    expect(connect(provider, {}, env) !== undefined).toBe(isKeyless);
  });
});
