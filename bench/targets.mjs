import { spawnSync } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startNode, untilReady } from './processes.mjs';

const BENCH = import.meta.dirname;
const ROOT = join(BENCH, '..');
/** The load and the provider share one core, what is measured has the other. */
const LOAD_CORE = 0;
const TARGET_CORE = 1;
/** Models of makers who speak otherwise; the simulated provider answers for them. */
const CLAUDE = 'claude-haiku-4-5';
const GEMINI = 'gemini-2.5-flash';
const PORTKEY = join(BENCH, 'node_modules/@portkey-ai/gateway/build/start-server.js');

/** Installs what the gateway is compared with, exactly as the lock file says. */
export function install() {
  if (existsSync(PORTKEY) && existsSync(join(BENCH, 'node_modules/undici'))) return;
  process.stdout.write('Installing what the bench compares with …\n');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: BENCH,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('npm ci in bench/ failed.');
}

/** @returns The base URL of the simulated provider. */
export async function startProvider() {
  const port = await freePort();
  const main = join(ROOT, 'dist/sandbox/main.js');
  if (!existsSync(main)) throw new Error('dist/sandbox/main.js is missing: run npm run build.');
  const aliases = [CLAUDE, GEMINI].map((name) => `--alias=${name}=tiny-1`);
  const args = [main, '--port', String(port), '--behaviour=chunks=100', '--no-record', '--with-parent', ...aliases];
  const child = startNode(LOAD_CORE, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  await untilReady(child, `http://127.0.0.1:${port}/health`);
  return `http://127.0.0.1:${port}/v1`;
}

/** A load generator that takes one pass after the other and stays warm in between. */
export function startLoad() {
  const child = startNode(LOAD_CORE, [join(BENCH, 'load.mjs')], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return (order) =>
    new Promise((resolve, reject) => {
      const died = () => reject(new Error('The load generator died.'));
      child.once('exit', died);
      child.once('message', (result) => {
        child.off('exit', died);
        if (result.failure) reject(new Error(`${order.url}: ${result.failure}`));
        else resolve(result);
      });
      child.send(order);
    });
}

/** What can be measured; each starts and says how it wants to be asked. */
export const TARGETS = {
  bare: startBare,
  gatewayz: startGatewayz,
  claude: (place) => startTranslated(place, `anthropic/${CLAUDE}`),
  gemini: (place) => startTranslated(place, `google/${GEMINI}`),
  portkey: startPortkey,
};

async function startBare({ providerUrl }) {
  const port = await freePort();
  const args = [join(BENCH, 'bare-forwarder.mjs'), '--upstream', providerUrl, '--port', String(port)];
  const child = startNode(TARGET_CORE, args);
  await untilReady(child, `http://127.0.0.1:${port}/health`);
  return { pid: child.pid, url: chatUrl(port), model: 'tiny-1', headers: { authorization: 'Bearer none' } };
}

async function startTranslated(place, model) {
  const env = {
    ANTHROPIC_API_KEY: 'none',
    ANTHROPIC_BASE_URL: place.providerUrl,
    GEMINI_API_KEY: 'none',
    GOOGLE_BASE_URL: place.providerUrl.replace('/v1', '/v1beta'),
  };
  return { ...(await startGatewayz(place, model.split('/')[0], env)), model };
}

async function startGatewayz({ providerUrl, directory }, name = 'gatewayz', more = {}) {
  const port = await freePort();
  const log = join(directory, `${name}.log`);
  const env = {
    PORT: String(port),
    HOST: '127.0.0.1',
    GATEWAYZ_DATA_DIR: join(directory, name),
    SANDBOX_BASE_URL: providerUrl,
    LOG_LEVEL: 'info',
    ...more,
  };
  const child = startLogged(log, [join(ROOT, 'dist/start.js')], env);
  return explaining(log, async () => {
    await untilReady(child, `http://127.0.0.1:${port}/health/ready`, 120_000);
    const headers = { authorization: `Bearer ${await keyIn(log)}` };
    return { pid: child.pid, url: chatUrl(port), model: 'sandbox/tiny-1', headers };
  });
}

/** Its output goes to a file, as in production it goes to a collector: writing it is part of the work. */
function startLogged(log, args, env) {
  const file = openSync(log, 'w');
  const child = startNode(TARGET_CORE, args, { env, stdio: ['ignore', file, file] });
  child.once('exit', (code, signal) => {
    if (!child.killed) process.stderr.write(`A target ended with ${code ?? signal}. It said:\n${tailOf(log)}\n`);
  });
  return child;
}

async function explaining(log, start) {
  try {
    return await start();
  } catch (cause) {
    throw new Error(`A target did not start. It said:\n${tailOf(log)}`, { cause });
  }
}

function tailOf(log) {
  return readFileSync(log, 'utf8').slice(-3000);
}

/** The first start prints a key. It may come a moment after readiness does. */
async function keyIn(output) {
  for (let attempt = 0; attempt < 50; attempt++) {
    const [key] = /gw_live_[0-9A-Za-z]+/.exec(readFileSync(output, 'utf8')) ?? [];
    if (key) return key;
    await sleep(100);
  }
  throw new Error('It printed no API key.');
}

async function startPortkey({ providerUrl, directory }) {
  const port = await freePort();
  const log = join(directory, 'portkey.log');
  const env = { NODE_ENV: 'production', TRUSTED_CUSTOM_HOSTS: '127.0.0.1' };
  const child = startLogged(log, [PORTKEY, `--port=${port}`, '--headless'], env);
  await explaining(log, () => untilReady(child, `http://127.0.0.1:${port}/`));
  const headers = {
    authorization: 'Bearer none',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': providerUrl,
  };
  return { pid: child.pid, url: chatUrl(port), model: 'tiny-1', headers };
}

function chatUrl(port) {
  return `http://127.0.0.1:${port}/v1/chat/completions`;
}
