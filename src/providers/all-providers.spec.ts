import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readEnv } from '../config/env.js';
import { JsonDocument } from '../platform/json/json-document.js';
import { ALL_PROVIDERS } from './all-providers.js';
import { connect, variablesOf } from './connected-provider.js';
import { baseUrlVariable } from './provider-settings.js';
import { UpstreamClient } from './services/upstream-client.js';

const env = readEnv({});
const REQUEST = JsonDocument.parse(
  Buffer.from('{"model":"ours","messages":[{"role":"user","content":"Hi"}],"max_tokens":5}'),
);

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
        received = { request, body };
        response.end(
          '{"choices":[{"index":0,"message":{"content":"Hello"}}],"usage":{"prompt_tokens":3,"completion_tokens":2}}',
        );
      });
    }).listen(0, '127.0.0.1', done);
  });

  afterAll(async () => {
    await client.onApplicationShutdown();
    server.close();
  });

  it('is asked where its base URL is overridden to, with its key, for its own name of the model', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
    const variables = {
      ...Object.fromEntries(variablesOf(provider).map((name) => [name, name.endsWith('_ENDPOINT') ? url : 'a-secret'])),
      [baseUrlVariable(id)]: url,
    };
    const connected = connect(provider, variables, env);
    if (!connected) throw new Error('not connected');
    const { path, body } = provider.dialect.chatRequest(
      { request: REQUEST, nativeModel: 'theirs', isStream: true, outputLimit: undefined },
      provider,
    );
    const exchange = await client.send({
      providerId: id,
      method: 'POST',
      url: connected.baseUrl + path,
      headers: connected.headers,
      body,
      deadlines: connected.deadlines,
    });
    const reply = provider.dialect.chatReply(await exchange.whole(), provider);

    const sent = JSON.parse(received?.body ?? '') as Record<string, unknown>;
    expect(received?.request.url?.startsWith('/base/')).toBe(true);
    expect(sent).toMatchObject({ model: 'theirs', messages: [{ role: 'user', content: 'Hi' }] });
    expect(sent['max_tokens'] ?? sent['max_completion_tokens']).toBe(5);
    expect('stream_options' in sent).toBe(provider.refusesStreamOptions !== true);
    const headers = JSON.stringify(received?.request.headers);
    expect(headers.includes('a-secret')).toBe(provider.apiKeyVariable !== undefined);
    expect(reply).toMatchObject({ usage: { input: 3, output: 2 } });
    expect(reply.text()).toBe('Hello');
  });

  it('is not enabled without its key', () => {
    const isKeyless = provider.apiKeyVariable === undefined && !provider.baseUrl.includes('{');
    expect(connect(provider, {}, env) !== undefined).toBe(isKeyless);
  });
});
