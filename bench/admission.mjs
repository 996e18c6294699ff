/**
 * What admission costs by itself: CPU of the estimate, the decision and its end in memory, and with Redis (when
 * `redis-server` is installed) its round trips and their time. `npm run bench:admission`, on what was built.
 */
import 'reflect-metadata';
import { Redis } from 'ioredis';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { budgetWindows } from '../dist/billing/admission/budget-windows.js';
import { SharedBooks } from '../dist/billing/persistence/shared-books.js';
import { LocalBooks } from '../dist/billing/services/local-books.js';
import { flat } from '../dist/catalog/price.js';
import { readEnv } from '../dist/config/env.js';
import { worstCase } from '../dist/inference/worst-case.js';
import { RedisService } from '../dist/platform/redis/redis.service.js';

const WARM_UP = 50_000;
const CALLS = 200_000;
const CALLS_WITH_REDIS = 20_000;
const AT_ONCE = 16;

const price = Object.fromEntries(
  ['input', 'cacheRead', 'cacheWrite', 'cacheWriteHour', 'output', 'reasoning', 'audioInput', 'audioOutput'].map(
    (kind) => [kind, flat(2)],
  ),
);
const offers = Array.from({ length: 3 }, () => ({ contextLength: 128_000, price: () => price }));
const request = {
  model: 'openai/gpt-5',
  temperature: 0.5,
  max_tokens: 256,
  messages: [
    { role: 'system', content: 'You are a helpful assistant.' },
    { role: 'user', content: 'What is the capital of France, and since when? '.repeat(4) },
  ],
};

/** With every kind of limit, which is the dearest case. */
const caller = {
  userId: 'user',
  apiKeyId: 'key',
  isAdmin: false,
  scopes: ['inference'],
  limits: {
    requestsPerMinute: 1e9,
    tokensPerMinute: 1e12,
    concurrency: 1e6,
    budget: { day: 10n ** 15n, total: 10n ** 15n },
  },
  keepsHistory: false,
};

const state = {
  userId: 'user',
  apiKeyId: 'key',
  credited: 10n ** 15n,
  debited: 0n,
  creditLine: 0n,
  spent: { day: 0n, week: 0n, month: 0n, total: 0n },
  windows: budgetWindows(Date.now()),
};

const plan = (requestId) => worstCase({ requestId, caller, request, isStream: false, offers });

/** Micro-seconds of CPU for each run. */
function cpuOf(runs, run) {
  for (let count = 0; count < WARM_UP; count += 1) run(count);
  const before = process.cpuUsage();
  for (let count = 0; count < runs; count += 1) run(count);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}

function inMemory() {
  const books = new LocalBooks({ append: () => Promise.resolve() });
  books.open(state);
  const estimate = cpuOf(CALLS, (count) => plan(`r${count}`));
  const request = plan('r');
  const decision = cpuOf(CALLS, () => {
    const { lease } = books.admit(request);
    books.drop(lease);
  });
  books.onModuleDestroy();
  console.table({
    'the worst case of a call': { 'µs of CPU': estimate.toFixed(2) },
    'its decision, and its end': { 'µs of CPU': decision.toFixed(2) },
    'both (wanted: 20 at most)': { 'µs of CPU': (estimate + decision).toFixed(2) },
  });
}

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function withRedis() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-redis-'));
  const port = await freePort();
  const settings = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'];
  const server = spawn('redis-server', settings.map(String), { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => {
    server.stdout.on('data', (piece) => piece.includes('Ready to accept') && resolve());
  });
  const client = new Redis(port, '127.0.0.1');
  const redis = new RedisService({ backend: () => undefined }, client);
  const books = new SharedBooks(readEnv({}), redis, { append: () => Promise.reject(new Error('not used')) });
  await books.open(state);
  let count = 0;
  const line = JSON.stringify({ id: 'r', filler: 'x'.repeat(500) });
  const clients = (calls) =>
    Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let done = 0; done < calls / AT_ONCE; done += 1) {
          const { lease } = await books.admit(plan(`r${(count += 1)}`));
          await books.settle(lease, { tokens: 300, credits: 1_000n }, line);
        }
      }),
    );
  await clients(CALLS_WITH_REDIS / 4);
  await client.config('RESETSTAT');
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await clients(CALLS_WITH_REDIS);
  const { user, system } = process.cpuUsage(before);
  const stats = await client.info('commandstats');
  const calls = Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1]);
  const perCall = Number(/cmdstat_evalsha:.*usec_per_call=([\d.]+)/.exec(stats)?.[1]);
  console.table({
    'round trips for a call (one to admit, one to end it)': { value: (calls / CALLS_WITH_REDIS).toFixed(2) },
    'µs of Redis for each': { value: perCall.toFixed(1) },
    'µs of CPU here for both': { value: ((user + system) / CALLS_WITH_REDIS).toFixed(1) },
    'calls a second': { value: Math.round((CALLS_WITH_REDIS / (performance.now() - startedAt)) * 1000) },
  });
  books.onModuleDestroy();
  redis.onApplicationShutdown();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}

inMemory();
try {
  execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
} catch {
  console.log('redis-server is not installed: admission with Redis is not measured.');
  process.exit(0);
}
await withRedis();
