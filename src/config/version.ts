import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of this build, as package.json says. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const path = join(import.meta.dirname, '..', '..', 'package.json');
  const content = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return content.version;
}
