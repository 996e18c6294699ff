import { serve } from '@hono/node-server';
import { App, type Connection } from '@supabase/lite';
import type { AddressInfo } from 'node:net';
import type { DirectoryLock } from '../../data-directory/directory-lock.js';
import { isAdmitted, refusal } from './admission.js';
import type { ChildMessage, StartMessage } from './child-messages.js';
import { describeRefusal } from './described-refusal.js';
import { createPgliteFolder, isPgliteFolder, openPglite, waitForPglite } from './pglite-folder.js';
import { migrate } from './migrate.js';
import { openPostgres, type OpenedDatabase } from './postgres-server.js';

const LOOPBACK = '127.0.0.1';
/** A query that never ends must not keep us here after our parent is gone. */
const END_DEADLINE_MS = 5_000;

let connection: Connection | undefined;
let lock: DirectoryLock | undefined;

// The channel closes when the parent ends, however it ends; then there is nobody to serve.
process.once('disconnect', () => void end());
// The parent decides when: a terminal's Ctrl-C reaches both, and the parent still has records to write.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

process.once('message', (message: StartMessage) => {
  start(message).then(
    (outcome) => {
      tell(outcome);
      if (outcome.type === 'created') void end();
    },
    (error: unknown) => {
      tell({ type: 'failed', reason: error instanceof Error ? error.message.slice(0, 1000) : String(error) });
      void end(1);
    },
  );
});

async function start(message: StartMessage): Promise<ChildMessage> {
  const { source } = message;
  if (source.kind === 'pglite') lock = await waitForPglite(source.folder);
  if (source.kind === 'pglite' && !isPgliteFolder(source.folder)) {
    await createPgliteFolder(source.folder, (opened) => prepare(opened, message));
    return { type: 'created' };
  }
  const opened = source.kind === 'pglite' ? await openPglite(source.folder) : await openPostgres(source.url);
  connection = opened.connection;
  const app = await prepare(opened, message);
  return { type: 'ready', port: await listen(app, message.secretKey) };
}

/** Nobody else changes the database meanwhile: several gateways may start on one PostgreSQL at once. */
function prepare(
  { connection, exclusively }: OpenedDatabase,
  { migrationsFolder, secretKey, jwtSecret }: StartMessage,
): Promise<App> {
  const normalize = connection.normalizeDbError.bind(connection);
  connection.normalizeDbError = (error) => describeRefusal(normalize(error));
  return exclusively(async () => {
    await migrate(connection, migrationsFolder);
    const app = new App({ connection, auth: { enabled: true, secret_key: secretKey, jwt_secret: jwtSecret } });
    await app.init();
    await app.ensureSystemSchema();
    await askOnce(app, secretKey);
    return app;
  });
}

/** Lite grants its roles what they need when it is first asked for a row. */
async function askOnce(app: App, secretKey: string): Promise<void> {
  const question = new Request('http://127.0.0.1/rest/v1/users?select=id&limit=1', { headers: { apikey: secretKey } });
  const answer = await app.fetch(question);
  if (!answer.ok) throw new Error(`The database does not answer: ${await answer.text()}`);
}

function listen(app: App, secretKey: string): Promise<number> {
  return new Promise((resolve) => {
    const fetch = (request: Request) =>
      isAdmitted(request, secretKey) ? app.fetch(request, { peerAddress: null }) : refusal();
    serve({ fetch, port: 0, hostname: LOOPBACK }, ({ port }: AddressInfo) => {
      resolve(port);
    });
  });
}

function tell(message: ChildMessage): void {
  process.send?.(message);
}

async function end(code = 0): Promise<void> {
  setTimeout(() => process.exit(code), END_DEADLINE_MS);
  try {
    await connection?.close();
    // A child that was killed leaves it behind, which costs the next one a look.
    lock?.release();
  } finally {
    process.exit(code);
  }
}
