import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { databaseFetch } from './database-fetch.js';

describe('databaseFetch', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      void text(request).then((body) => {
        if (request.url === '/silence') return;
        const status = Number(request.headers['x-status'] ?? 200);
        response.writeHead(status, { 'content-range': '0-1/2', 'set-cookie': ['a=1', 'b=2'] });
        response.end(status === 204 ? undefined : JSON.stringify({ method: request.method, url: request.url, body }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('sends what it is given, and gives back status, headers and body', async () => {
    const headers = new Headers({ 'x-status': '409' });
    const answer = await databaseFetch(url)(`${url}/rest/v1/rpc/settle?a=%2F`, {
      method: 'POST',
      headers,
      body: '"ä"',
    });
    expect([answer.status, answer.ok, answer.statusText]).toEqual([409, false, 'Conflict']);
    expect(answer.headers.get('content-range')).toBe('0-1/2');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await answer.json()).toEqual({ method: 'POST', url: '/rest/v1/rpc/settle?a=%2F', body: '"ä"' });
  });

  it('asks by GET unless told otherwise, and takes an answer without a body', async () => {
    const ask = databaseFetch(url);
    expect(await (await ask(new URL('/users', url))).json()).toMatchObject({ method: 'GET', url: '/users' });
    expect((await ask(url, { headers: { 'x-status': '204' } })).status).toBe(204);
  });

  it('ends with its signal, and fails where nobody listens', async () => {
    const late = databaseFetch(url)(`${url}/silence`, { signal: AbortSignal.timeout(20) });
    await expect(late).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(databaseFetch('http://127.0.0.1:1')('http://127.0.0.1:1/')).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});
