import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ExpressRequest, ExpressResponse } from './express-messages.js';
import { ReplyChannel } from './reply-channel.js';

const KEEP_ALIVE_MS = 40;

describe('the way back to a client', () => {
  let server: Server;
  let channel: ReplyChannel;
  let reply: IncomingMessage | undefined;
  /** The body so far. */
  let received: () => string;
  /** Resolves with the client's side once the head has come. */
  let head: Promise<IncomingMessage>;

  beforeEach(async () => {
    let text = '';
    received = () => text;
    const opened = new Promise<void>((resolve) => {
      server = createServer({ ServerResponse: ExpressResponse, IncomingMessage: ExpressRequest }, (_, response) => {
        channel = new ReplyChannel(response, KEEP_ALIVE_MS);
        resolve();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    head = new Promise((resolve, reject) => {
      const asked = request({ port, host: '127.0.0.1', agent: false }, resolve).once('error', reject);
      asked.end();
    });
    const listen = (message: IncomingMessage): void => {
      reply = message;
      message.on('data', (bytes: Buffer) => (text += bytes.toString()));
      message.on('error', () => undefined);
    };
    head.then(listen, () => undefined);
    await opened;
  });

  afterEach(() => {
    reply?.destroy();
    server.closeAllConnections();
    server.close();
  });

  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const pings = () => received().match(/: ping\n/g)?.length ?? 0;

  it('sends a whole reply with its length', async () => {
    channel.sendWhole(Buffer.from('{"text":"Grüße"}').toString('latin1'), { 'x-extra': 'yes' });
    const { statusCode, headers } = await head;
    await wait(10);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ 'content-length': '18', 'x-extra': 'yes' });
    expect(received()).toBe('{"text":"Grüße"}');
  });

  it('begins a stream that no proxy holds back', async () => {
    channel.beginStream({ 'x-extra': 'yes' });
    void channel.write('data: 1\n\n');
    expect((await head).headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-extra': 'yes',
    });
  });

  it('sends a comment after each silence, the head with the first one, and none after the end', async () => {
    channel.keepAwake(() => ({ 'x-extra': 'yes' }));
    expect(channel.hasBegun).toBe(false);
    expect((await head).headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-extra': 'yes',
    });
    await wait(KEEP_ALIVE_MS * 4);
    const before = pings();
    expect(before).toBeGreaterThanOrEqual(2);
    void channel.write('data: 1\n\n');
    channel.end('data: [DONE]\n\n');
    await wait(KEEP_ALIVE_MS * 3);
    expect(received().endsWith('data: 1\n\ndata: [DONE]\n\n')).toBe(true);
    // Nothing else: an empty event or a line of another kind would break clients.
    expect(received().replace(/(?:: ping\n)+/, '')).toBe('data: 1\n\ndata: [DONE]\n\n');
  });

  it('sends no comment while events come', async () => {
    channel.keepAwake(() => ({}));
    channel.beginStream({});
    for (let event = 0; event < 10; event += 1) {
      void channel.write('data: 1\n\n');
      await wait(KEEP_ALIVE_MS / 4);
    }
    channel.end('');
    expect(pings()).toBe(0);
  });

  it('tells when the client has left, also whoever asks too late, and then writes nothing', async () => {
    const told = new Promise<void>((resolve) => {
      channel.onLeave(resolve);
    });
    channel.beginStream({});
    void channel.write('data: 1\n\n');
    (await head).destroy();
    await told;
    expect(channel.isGone).toBe(true);
    let isToldAtOnce = false;
    channel.onLeave(() => (isToldAtOnce = true));
    expect(isToldAtOnce).toBe(true);
    expect(channel.write('data: 2\n\n')).toBeUndefined();
    channel.end('data: [DONE]\n\n');
  });

  it('does not call a client gone whose reply is whole', async () => {
    let hasLeft = false;
    channel.onLeave(() => (hasLeft = true));
    channel.sendWhole('{}', {});
    (await head).destroy();
    await wait(20);
    expect([hasLeft, channel.isGone]).toEqual([false, false]);
  });

  it('has the writer wait for a client that reads slowly, but not for one that left', async () => {
    // More than the buffers on both sides hold.
    const large = Buffer.alloc(32 * 1024 * 1024, 'x');
    channel.beginStream({});
    void channel.write('data: 1\n\n');
    const slow = (await head).pause();
    const drained = channel.write(large);
    let hasDrained = false;
    void drained?.then(() => (hasDrained = true));
    await wait(50);
    expect([drained, hasDrained]).toEqual([expect.any(Promise), false]);
    slow.resume();
    await drained;

    slow.pause();
    const another = channel.write(large);
    slow.destroy();
    await another;
  });
});
