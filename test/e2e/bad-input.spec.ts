import { connect } from 'node:net';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { startGateway, type Gateway } from '../support/gateway.js';

const UPSTREAM_SECRET = 'sk-upstream-secret-0123456789';
const GOOD = { model: 'sandbox/echo-1', messages: [{ role: 'user', content: 'Hello' }] };

describe('bad input', () => {
  let sandbox: Sandbox;
  let gateway: Gateway;

  beforeAll(async () => {
    sandbox = await startSandbox();
    gateway = await startGateway({
      env: { SANDBOX_BASE_URL: sandbox.url, GROQ_API_KEY: UPSTREAM_SECRET, GROQ_BASE_URL: 'http://127.0.0.1:9' },
    });
  });

  afterAll(async () => {
    await gateway.stop();
    await sandbox.close();
  });

  afterEach(async () => {
    expect((await gateway.chat(GOOD)).status).toBe(200);
  });

  async function expectError(response: Response, status: number, error: object): Promise<void> {
    const body = (await response.json()) as { error: Record<string, unknown> };
    expect({ status: response.status, ...body.error }).toMatchObject({ status, ...error });
    expect(Object.keys(body.error).sort()).toEqual(['code', 'message', 'param', 'request_id', 'type']);
    expect(body.error['request_id']).toBe(response.headers.get('x-request-id'));
  }

  const send = (body: string | Buffer, headers: Record<string, string> = {}) =>
    gateway.call('/v1/chat/completions', {
      method: 'POST',
      body: typeof body === 'string' ? body : new Uint8Array(body),
      headers: { 'content-type': 'application/json', ...headers },
    });

  it.each([
    ['{"model":', { code: 'invalid_json' }],
    ['', { code: 'invalid_json' }],
    ['[1]', { code: 'invalid_json' }],
    ['"text"', { code: 'invalid_json' }],
    [JSON.stringify({ ...GOOD, model: 7 }), { param: 'model' }],
    [JSON.stringify({ ...GOOD, model: '' }), { param: 'model' }],
    [JSON.stringify({ ...GOOD, messages: 'Hello' }), { param: 'messages' }],
    [JSON.stringify({ ...GOOD, messages: [] }), { param: 'messages' }],
    [JSON.stringify({ ...GOOD, messages: ['Hello'] }), { param: 'messages' }],
    [JSON.stringify({ model: GOOD.model, input: 'Hello' }), { param: 'messages' }],
    [JSON.stringify({ ...GOOD, stream: 'yes' }), { param: 'stream' }],
    [JSON.stringify({ ...GOOD, stream: true, stream_options: 1 }), { param: 'stream_options' }],
  ])('%s is 400', async (body, error) => {
    await expectError(await send(body), 400, { type: 'invalid_request_error', ...error });
  });

  it('an unknown model is 404', async () => {
    await expectError(await send(JSON.stringify({ ...GOOD, model: 'echo' })), 404, {
      code: 'model_not_found',
      param: 'model',
    });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])(
    'content type %s is 415',
    async (type) => {
      await expectError(await send(JSON.stringify(GOOD), { 'content-type': type }), 415, {
        code: 'unsupported_media_type',
      });
    },
  );

  it('a compressed body is 415', async () => {
    await expectError(await send(JSON.stringify(GOOD), { 'content-encoding': 'gzip' }), 415, {
      code: 'unsupported_media_type',
    });
  });

  it('a body of 50 MB is 413, and its sender can read that', async () => {
    const body = JSON.stringify({ ...GOOD, filler: 'x'.repeat(50 * 1024 * 1024) });
    await expectError(await send(body), 413, { type: 'request_too_large', code: 'request_too_large' });
  });

  it('a body of 50 MB of unknown length is 413 as well', async () => {
    const piece = new Uint8Array(1024 * 1024).fill(0x20);
    let left = 50;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- > 0) controller.enqueue(piece);
        else controller.close();
      },
    });
    const init = {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { 'content-type': 'application/json' },
    } as RequestInit;
    await expectError(await gateway.call('/v1/chat/completions', init), 413, { code: 'request_too_large' });
  });

  it('a header of 100 KB is 431', async () => {
    const answer = await raw(`GET /health HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(100 * 1024)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('"code":"headers_too_large"');
  });

  it('what is not HTTP is 400', async () => {
    expect(await raw('HELLO THERE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [^]*"code":"malformed_http"/);
  });

  it.each([
    [{}, 'missing_api_key'],
    [{ authorization: 'Bearer sk-not-ours' }, 'invalid_api_key'],
    [{ authorization: 'Basic dXNlcjpwYXNz' }, 'invalid_api_key'],
    [{ 'x-api-key': `gw_live_${'0'.repeat(49)}` }, 'invalid_api_key'],
  ])('credentials %j are 401 %s', async (headers, code) => {
    const init = {
      method: 'POST',
      body: JSON.stringify(GOOD),
      headers: { 'content-type': 'application/json', ...headers },
    };
    const response = await fetch(`${gateway.url}/v1/chat/completions`, init);
    await expectError(response, 401, { type: 'authentication_error', code });
  });

  it('a wrong method is 405 and says which one is right', async () => {
    const response = await gateway.call('/v1/chat/completions');
    expect(response.headers.get('allow')).toBe('POST');
    await expectError(response, 405, { code: 'method_not_allowed' });
  });

  it('an unknown path is 404', async () => {
    await expectError(await gateway.call('/v1/nothing'), 404, { code: 'not_found' });
  });

  it('a filter that makes no sense is 400', async () => {
    await expectError(await gateway.call('/v1/models?limit=many'), 400, { param: 'limit' });
  });

  it('lets pages in browsers in', async () => {
    const headers = { origin: 'https://app.example', 'access-control-request-headers': 'authorization,x-stainless-os' };
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'OPTIONS', headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization,x-stainless-os');
  });

  it('leaves no secret in the log', () => {
    expect(gateway.logs().match(/"path":"\/v1\/chat\/completions"/g)?.length).toBeGreaterThan(10);
    const withoutWelcome = gateway
      .logs()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .join('\n');
    for (const secret of [gateway.key, UPSTREAM_SECRET, 'sk-not-ours', 'dXNlcjpwYXNz'])
      expect(withoutWelcome).not.toContain(secret);
  });

  function raw(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const pieces: Buffer[] = [];
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(text));
      socket.on('data', (piece) => pieces.push(piece));
      socket.on('close', () => {
        resolve(Buffer.concat(pieces).toString());
      });
      socket.on('error', reject);
    });
  }
});
