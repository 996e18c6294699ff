import { readFileSync } from 'node:fs';
import { end, startProcess } from './gateway-process.js';
import { emptyDataDirectory, prepareData } from './prepared-data.js';

export { eventually, runMain } from './gateway-process.js';

/** A gateway in a process of its own, as an operator runs it. */
export interface Gateway {
  readonly url: string;
  /** The key that was printed on the first start of this data directory. */
  readonly key: string;
  readonly dataDirectory: string;
  readonly pid: number;
  /** Everything that it wrote. */
  logs(): string;
  /** SIGTERM, and waits until it has ended; its exit code. */
  stop(): Promise<number | null>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Another one with the same settings, on what this one left. */
  restart(): Promise<Gateway>;
  /** `kill -9` of the process of its embedded database. */
  killDatabase(): void;
  call(path: string, init?: RequestInit): Promise<Response>;
  chat(body: object, init?: RequestInit): Promise<Response>;
}

export interface GatewayOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** To start again on what an earlier gateway left. */
  readonly after?: Pick<Gateway, 'dataDirectory' | 'key'>;
  /** Its database will come up later: do not wait for it. */
  readonly isDatabaseLate?: boolean;
}

export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const { env = {}, isDatabaseLate } = options;
  const { dataDirectory, key: knownKey } = await dataFor(options);
  const { child, url, output, printedKey, ready } = await startProcess({ GATEWAYZ_DATA_DIR: dataDirectory, ...env });
  const key = knownKey ?? (await printedKey());
  if (!isDatabaseLate) await ready();
  const call = (path: string, init: RequestInit = {}) =>
    fetch(url + path, { ...init, headers: { authorization: `Bearer ${key}`, ...headersOf(init) } });
  return {
    url,
    key,
    dataDirectory,
    pid: child.pid ?? 0,
    logs: output,
    stop: () => end(child, 'SIGTERM'),
    kill: async () => {
      await end(child, 'SIGKILL');
    },
    restart: () => startGateway({ env, after: { dataDirectory, key }, isDatabaseLate: true }),
    killDatabase: () => {
      const [database] = childrenOf(child.pid);
      // It may be just starting another.
      if (database !== undefined) process.kill(database, 'SIGKILL');
    },
    call,
    chat: (body, init = {}) =>
      call('/v1/chat/completions', {
        method: 'POST',
        body: JSON.stringify(body),
        ...init,
        headers: { 'content-type': 'application/json', ...headersOf(init) },
      }),
  };
}

/** A database elsewhere is still empty. */
async function dataFor({ env = {}, after }: GatewayOptions): Promise<{ dataDirectory: string; key?: string }> {
  if (after) return after;
  return 'DATABASE_URL' in env ? { dataDirectory: emptyDataDirectory() } : prepareData();
}

export function childrenOf(pid = 0): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

function headersOf(init: RequestInit): Record<string, string> {
  return Object.fromEntries(new Headers(init.headers).entries());
}
