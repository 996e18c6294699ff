import { serve } from '@hono/node-server';
import { App, type Connection } from '@supabase/lite';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ChildMessage, DatabaseSource, StartMessage } from './child-messages.js';
import { migrate } from './migrate.js';

/** Whoever opens the loopback port without the secret key is nobody. */
const LOOPBACK = '127.0.0.1';

let connection: Connection | undefined;

// The channel closes when the parent ends, however it ends; then there is nobody to serve.
process.once('disconnect', () => void end());
// The parent decides when: a terminal's Ctrl-C reaches both, and the parent still has records to write.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

process.once('message', (message: StartMessage) => {
  start(message).then(tell, (error: unknown) => {
    tell({ type: 'failed', reason: error instanceof Error ? error.message.slice(0, 1000) : String(error) });
    void end(1);
  });
});

async function start({ source, migrationsFolder, secretKey, jwtSecret }: StartMessage): Promise<ChildMessage> {
  const isNew = source.kind === 'pglite' && !existsSync(join(source.folder, 'PG_VERSION'));
  connection = await connect(source);
  await migrate(connection, migrationsFolder);
  // Lite refuses calls without a key only when both kinds of key are set.
  const auth = {
    enabled: true,
    secret_key: secretKey,
    publishable_key: `not-given-out-${secretKey}`,
    jwt_secret: jwtSecret,
  };
  const app = new App({ connection, auth });
  await app.init();
  await app.ensureSystemSchema();
  const port = await listen(app);
  return { type: 'ready', port, isNew };
}

async function connect(source: DatabaseSource): Promise<Connection> {
  if (source.kind === 'postgres') {
    const { createPostgresConnection } = await import('@supabase/lite/postgres');
    return createPostgresConnection({ url: source.url });
  }
  mkdirSync(source.folder, { recursive: true, mode: 0o700 });
  // Left behind by a killed process; the data directory's lock says that nobody else is here.
  rmSync(join(source.folder, 'postmaster.pid'), { force: true });
  const { createPgliteConnection } = await import('@supabase/lite/pglite');
  return createPgliteConnection({ url: source.folder });
}

function listen(app: App): Promise<number> {
  return new Promise((resolve) => {
    const fetch = (request: Request) => app.fetch(request, { peerAddress: null });
    serve({ fetch, port: 0, hostname: LOOPBACK }, ({ port }: AddressInfo) => {
      resolve(port);
    });
  });
}

function tell(message: ChildMessage): void {
  process.send?.(message);
}

async function end(code = 0): Promise<void> {
  try {
    await connection?.close();
  } finally {
    process.exit(code);
  }
}
