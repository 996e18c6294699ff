import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ExpressResponse } from '../platform/http/express-messages.js';
import { KEEP_ALIVE } from '../platform/http/reply-channel.js';
import { HeldBytes } from '../platform/memory/held-bytes.js';
import { RunningReply } from './running-reply.js';

const MEBIBYTE = 1024 * 1024;

describe('a reply for several', () => {
  let server: Server;
  let reply: RunningReply;

  /** A client whose request has arrived, and the response to it. */
  async function arrive(): Promise<{ client: () => Promise<IncomingMessage>; response: ExpressResponse }> {
    const { port } = server.address() as AddressInfo;
    const request = get({ port, agent: false }).on('error', () => undefined);
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    answered.catch(() => undefined);
    const [, response] = (await once(server, 'request')) as [IncomingMessage, ExpressResponse];
    return { client: async () => (await answered)[0], response };
  }

  const textOf = async (incoming: IncomingMessage) => Buffer.concat(await incoming.toArray()).toString();

  beforeEach(async () => {
    server = createServer({ ServerResponse: ExpressResponse }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is the same for who was first, who came in the middle and who came after its end', async () => {
    const [first, second, third] = [await arrive(), await arrive(), await arrive()];
    reply = new RunningReply(first.response, new HeldBytes(100, 100));
    reply.writeHead(200, { 'x-reply': 'this' });
    reply.write('one ');
    reply.attend(second.response, { 'x-joined': 'yes' });
    reply.write(KEEP_ALIVE);
    reply.end('two');
    reply.attend(third.response, { 'x-joined': 'yes' });
    expect(await textOf(await first.client())).toBe(`one ${KEEP_ALIVE}two`);
    const [joined, late] = [await second.client(), await third.client()];
    expect(await textOf(joined)).toBe(`one ${KEEP_ALIVE}two`);
    expect(await textOf(late)).toBe('one two');
    expect(late.headers).toMatchObject({ 'x-reply': 'this', 'x-joined': 'yes' });
    expect(reply.written).toMatchObject({ status: 200, body: Buffer.from('one two') });
  });

  it('waits for a slow reader only once it is too large to be held', async () => {
    const { response, client } = await arrive();
    reply = new RunningReply(response, new HeldBytes(8 * MEBIBYTE, 8 * MEBIBYTE));
    reply.writeHead(200, {});
    const piece = Buffer.alloc(MEBIBYTE, 'x');
    for (let count = 0; count < 8; count += 1) expect(reply.write(piece)).toBe(true);
    expect(reply.canBeJoined).toBe(true);
    expect(reply.write(piece)).toBe(false);
    expect(reply.canBeJoined).toBe(false);
    const drained = once(reply, 'drain');
    const text = client().then(textOf);
    await drained;
    reply.end('');
    expect(await text).toHaveLength(9 * MEBIBYTE);
    expect(reply.written).toBeUndefined();
  });

  it('counts what all replies hold', async () => {
    const memory = new HeldBytes(10, 15);
    const [one, two] = [
      new RunningReply((await arrive()).response, memory),
      new RunningReply((await arrive()).response, memory),
    ];
    for (const each of [one, two]) {
      each.writeHead(200, {});
      each.write('12345678');
    }
    expect([one.canBeJoined, two.canBeJoined]).toEqual([true, false]);
    one.forget();
    reply = new RunningReply((await arrive()).response, memory);
    reply.writeHead(200, {});
    reply.end('12345678');
    expect(reply.written?.body.toString()).toBe('12345678');
  });

  it('ends when the last one has left, and not before', async () => {
    const [first, second] = [await arrive(), await arrive()];
    reply = new RunningReply(first.response, new HeldBytes(100, 100));
    reply.attend(second.response, {});
    const closed = jest.fn();
    reply.once('close', closed);
    reply.on('deserted', () => {
      reply.abandon();
    });
    first.response.destroy();
    await once(first.response, 'close');
    reply.abandon();
    expect(closed).not.toHaveBeenCalled();
    second.response.destroy();
    await once(second.response, 'close');
    expect(closed).toHaveBeenCalledTimes(1);
    expect({ closed: reply.closed, isFinished: reply.writableFinished }).toEqual({ closed: true, isFinished: false });
  });
});
