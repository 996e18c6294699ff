import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_FOLDER } from './project-folder.js';

/** The version of this build, as package.json says. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const path = join(PROJECT_FOLDER, 'package.json');
  const content = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return content.version;
}
