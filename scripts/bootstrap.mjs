/**
 * Makes a fresh clone runnable: installs what package-lock.json names, and builds what is older than its sources.
 * Does nothing when nothing is missing. Runs on the machine's own Node (20 or newer), before ours is installed.
 *
 *   node scripts/bootstrap.mjs            install
 *   node scripts/bootstrap.mjs --build    install and build
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const root = join(import.meta.dirname ?? '.', '..');
process.chdir(root);

if (isOlder('node_modules/.package-lock.json', ['package-lock.json'])) {
  say('Installing packages (npm ci) …');
  npm('ci', '--no-fund', '--no-audit', '--loglevel=error');
}
if (
  process.argv.includes('--build') &&
  isOlder('dist/.built', [...filesOf('src'), 'scripts/bundle.mjs', 'package-lock.json', '.swcrc', 'nest-cli.json'])
) {
  say('Building …');
  npm('run', '--silent', 'build');
}

function isOlder(product, sources) {
  if (!existsSync(product)) return true;
  const builtAt = statSync(product).mtimeMs;
  return sources.some((source) => existsSync(source) && statSync(source).mtimeMs > builtAt);
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function npm(...words) {
  // npm runs under the Node that runs this script; a shell finds it on every system.
  const { status } = spawnSync('npm', words, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

function say(line) {
  process.stdout.write(`GatewayZ: ${line}\n`);
}
