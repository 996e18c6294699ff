import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { end, startProcess } from './gateway-process.js';

/** Beside the build that made it, so that the next build does away with it. */
const PREPARED = join(process.cwd(), 'dist', '.prepared-data');
const KEY = 'test-key';

/** What a gateway leaves behind after its first start. */
export interface PreparedData {
  readonly dataDirectory: string;
  /** The key that was printed. */
  readonly key: string;
}

/** A data directory in which nothing has started yet. */
export function emptyDataDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'gatewayz-test-'));
}

/** A data directory of one's own whose database is there already: to create one takes longer than most suites. */
export async function prepareData(): Promise<PreparedData> {
  if (!existsSync(PREPARED)) await prepare();
  const dataDirectory = emptyDataDirectory();
  cpSync(PREPARED, dataDirectory, { recursive: true });
  return { dataDirectory, key: readFileSync(join(dataDirectory, KEY), 'utf8') };
}

async function prepare(): Promise<void> {
  const ours = `${PREPARED}-${process.pid}`;
  const { child, printedKey, ready } = await startProcess({ GATEWAYZ_DATA_DIR: ours });
  const key = await printedKey();
  await ready();
  await end(child, 'SIGTERM');
  writeFileSync(join(ours, KEY), key);
  try {
    renameSync(ours, PREPARED);
  } catch {
    // Another worker was faster.
    rmSync(ours, { recursive: true });
  }
}
