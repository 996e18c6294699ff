import { readEnv } from '../../config/env.js';
import { ClientGoneError } from '../../platform/errors/request-errors.js';
import { startDeafServer } from '../../../test/support/deaf-server.js';
import { ScriptedServer, type Answer } from '../../../test/support/scripted-server.js';
import type { Deadlines } from '../llm-provider.js';
import { UpstreamConnectError, UpstreamCutError } from '../upstream-errors.js';
import { UpstreamClient } from './upstream-client.js';

const PATIENT: Deadlines = { connectMs: 5_000, firstTokenMs: 5_000, idleMs: 5_000, totalMs: 5_000 };

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Sends the head and these pieces, with a pause before each, and then leaves the reply open. */
function pieces(pauseMs: number, ...texts: string[]): Answer {
  return (response) => {
    response.flushHeaders();
    const rest = [...texts];
    const writing = setInterval(() => response.write(rest.shift() ?? ''), pauseMs);
    response.once('close', () => {
      clearInterval(writing);
    });
  };
}

describe('the upstream client', () => {
  let server: ScriptedServer;
  let client: UpstreamClient;

  beforeEach(async () => {
    server = await ScriptedServer.start((response) => response.end('all of it'));
    client = new UpstreamClient(readEnv({}));
  });

  afterEach(async () => {
    await client.onApplicationShutdown();
    await server.close();
  });

  const ask = (deadlines: Partial<Deadlines> = {}, onLeave?: (listener: () => void) => void) =>
    client.send({
      providerId: 'groq',
      method: 'POST',
      url: `${server.url}/v1/chat?x=1`,
      headers: { 'x-mine': 'yes' },
      body: Buffer.from('{}'),
      deadlines: { ...PATIENT, ...deadlines },
      ...(onLeave && { onLeave }),
    });

  async function expectNoSocket(): Promise<void> {
    for (let tries = 0; server.openSockets > 0 && tries < 100; tries += 1) await wait(10);
    expect(server.openSockets).toBe(0);
  }

  it('sends what it is given, and reads the reply', async () => {
    const exchange = await ask();
    expect((await exchange.whole()).toString()).toBe('all of it');
    const [{ message, body } = { message: undefined, body: '' }] = server.requests;
    expect([message?.method, message?.url, message?.headers['x-mine'], body]).toEqual([
      'POST',
      '/v1/chat?x=1',
      'yes',
      '{}',
    ]);
  });

  it('takes any status for an answer', async () => {
    server.answer = (response) => response.writeHead(503).end('busy');
    const exchange = await ask();
    expect([exchange.status, (await exchange.whole()).toString()]).toEqual([503, 'busy']);
  });

  it('uses a connection again, also one whose reply was given up just before its end', async () => {
    await (await ask()).whole();
    // The library lets a turn pass before it uses a connection again.
    await wait(20);
    server.answer = (response) => {
      response.write('begin');
      setTimeout(() => response.end('end'), 50);
    };
    const exchange = await ask();
    await exchange.next();
    exchange.drain();
    await wait(100);
    await (await ask()).next();
    expect(server.openSockets).toBe(1);
  });

  it('gives up the connection of a reply that nobody needs and that does not end', async () => {
    server.answer = pieces(0, 'begin');
    const exchange = await ask();
    await exchange.next();
    exchange.drain();
    await wait(900);
    expect(server.openSockets).toBe(1);
    await expectNoSocket();
  });

  it('says that a provider that refuses connections cannot be reached', async () => {
    await server.close();
    await expect(ask()).rejects.toBeInstanceOf(UpstreamConnectError);
  });

  it('does not wait longer for a connection than the provider may take', async () => {
    const deaf = await startDeafServer();
    const deadlines = { ...PATIENT, connectMs: 200 };
    const begun = performance.now();
    const sending = client.send({ providerId: 'groq', method: 'GET', url: deaf.url, headers: {}, deadlines });
    await expect(sending).rejects.toBeInstanceOf(UpstreamConnectError);
    // The library looks at its clock twice a second.
    expect(performance.now() - begun).toBeLessThan(2_000);
    deaf.close();
  });

  it.each([
    ['the head', (): Answer => () => undefined],
    ['the first token', (): Answer => pieces(20, ': comment\n\n', ': comment\n\n', ': comment\n\n', ': comment\n\n')],
  ])('is patient for %s only until the deadline of the first token', async (_, answer) => {
    server.answer = answer();
    const begun = performance.now();
    const reading = ask({ firstTokenMs: 150, idleMs: 30 }).then((exchange) => exchange.each(() => undefined));
    await expect(reading).rejects.toMatchObject({ kind: 'upstream_timeout', deadline: 'first_token' });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(140);
    await expectNoSocket();
  });

  it('is patient for the next piece only until the idle deadline, which each piece begins anew', async () => {
    server.answer = pieces(60, 'a', 'b', 'c');
    const exchange = await ask({ firstTokenMs: 100, idleMs: 150 });
    exchange.firstToken();
    let text = '';
    const reading = exchange.each((piece) => {
      text += piece.toString();
      return undefined;
    });
    await expect(reading).rejects.toMatchObject({ kind: 'upstream_timeout', deadline: 'idle' });
    expect(text).toBe('abc');
    await expectNoSocket();
  });

  it('does not call a provider idle that waits for a slow client', async () => {
    server.answer = (response) => response.end(Buffer.alloc(8 * 1024 * 1024));
    const exchange = await ask({ idleMs: 50 });
    exchange.firstToken();
    let bytes = 0;
    await exchange.each((piece) => {
      const isFirst = bytes === 0;
      bytes += piece.length;
      return isFirst ? wait(300).then(() => undefined) : undefined;
    });
    expect(bytes).toBe(8 * 1024 * 1024);
  });

  it('ends an attempt at the total deadline, however busy it is', async () => {
    server.answer = pieces(20, ...Array.from({ length: 100 }, () => 'a'));
    const exchange = await ask({ totalMs: 200, idleMs: 100 });
    exchange.firstToken();
    await expect(exchange.each(() => undefined)).rejects.toMatchObject({ deadline: 'total' });
    await expectNoSocket();
  });

  it.each([
    ['before the head', (): Answer => (response) => response.destroy()],
    ['in the middle', (): Answer => (response) => response.write('half', () => response.destroy())],
  ])('says that a provider broke off %s', async (_, answer) => {
    server.answer = answer();
    const reading = ask().then((exchange) => exchange.whole());
    await expect(reading).rejects.toBeInstanceOf(UpstreamCutError);
    await expectNoSocket();
  });

  it.each([
    ['before the head', (): Answer => () => undefined],
    ['in the middle', (): Answer => pieces(0, 'half')],
  ])('closes the connection when the client leaves %s', async (_, answer) => {
    server.answer = answer();
    let leave = (): void => undefined;
    const reading = ask({}, (listener) => (leave = listener)).then((exchange) => exchange.each(() => undefined));
    reading.catch(() => undefined);
    while (server.requests.length === 0) await wait(5);
    await wait(20);
    leave();
    await expect(reading).rejects.toBeInstanceOf(ClientGoneError);
    await expectNoSocket();
  });

  it('does not even begin for a client that has left already', async () => {
    const asking = ask({}, (listener) => {
      listener();
    });
    await expect(asking).rejects.toBeInstanceOf(ClientGoneError);
    expect(server.requests).toEqual([]);
  });

  it('stops the provider when what reads its reply fails', async () => {
    server.answer = pieces(10, 'a', 'b');
    const exchange = await ask();
    const failure = new Error('not decodable');
    await expect(
      exchange.each(() => {
        throw failure;
      }),
    ).rejects.toBe(failure);
    await expectNoSocket();
  });

  it('leaves no timer behind that would end a later attempt', async () => {
    const exchange = await ask({ firstTokenMs: 100, totalMs: 100 });
    expect((await exchange.whole()).toString()).toBe('all of it');
    await wait(150);
    expect((await (await ask()).whole()).toString()).toBe('all of it');
  });
});
