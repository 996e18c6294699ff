import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';

/**
 * The yardstick: the least that a gateway on Node can be. It forwards the bytes of the request, then the bytes of the
 * reply, and knows nothing of keys, models, money or metrics.
 */
const { values } = parseArgs({ options: { upstream: { type: 'string' }, port: { type: 'string' } } });
const { origin } = new URL(values.upstream);
const pool = new Pool(origin, { connections: 128 });

const server = createServer(async (request, response) => {
  const { method, url: path } = request;
  const headers = { 'content-type': 'application/json' };
  if (request.headers['content-length']) headers['content-length'] = request.headers['content-length'];
  try {
    const reply = await pool.request({ method, path, headers, body: request });
    response.writeHead(reply.statusCode, {
      'content-type': reply.headers['content-type'],
      ...(reply.headers['content-length'] && { 'content-length': reply.headers['content-length'] }),
    });
    reply.body.pipe(response);
  } catch (error) {
    response.writeHead(502).end(String(error));
  }
});
server.listen(Number(values.port), '127.0.0.1');
process.on('disconnect', () => process.exit());
