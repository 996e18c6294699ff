import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { readEnv } from '../../config/env.js';
import { Drain } from './drain.js';
import { FrontDoor } from './front-door.js';

const REQUEST = 'GET /health HTTP/1.1\r\nhost: x\r\n\r\n';

describe('draining', () => {
  let door: FrontDoor;
  let port: number;

  beforeEach(async () => {
    door = new FrontDoor(() => ({ status: 'here' }));
    port = await door.listen(0, '127.0.0.1');
  });

  const drainWithin = (milliseconds: number) =>
    new Drain(readEnv({ SHUTDOWN_GRACE_MS: String(milliseconds) })).drain(door);

  function connected(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        resolve(socket);
      }).once('error', reject);
    });
  }

  async function answerOn(socket: Socket): Promise<string> {
    socket.write(REQUEST);
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    return bytes.toString();
  }

  it('does not wait for connections that were only opened, or whose call has ended', async () => {
    await connected();
    expect(await answerOn(await connected())).toContain('{"status":"here"}');
    const begun = performance.now();
    await drainWithin(30_000);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('waits for a call under way, and lets nobody in meanwhile', async () => {
    const called = new Promise<ServerResponse>((resolve) => {
      door.open((_, response) => {
        resolve(response);
      });
    });
    const answer = answerOn(await connected());
    const response = await called;
    const drained = drainWithin(30_000);
    await expect(connected()).rejects.toThrow('ECONNREFUSED');
    response.end('done');
    expect(await answer).toContain('done');
    await drained;
  });

  it('cuts off what is still under way when the grace is over', async () => {
    door.open(() => undefined);
    const socket = await connected();
    const closed = once(socket, 'close');
    socket.write(REQUEST);
    await drainWithin(300);
    await closed;
  });
});
