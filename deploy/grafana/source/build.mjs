import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DASHBOARDS } from './dashboards.mjs';

/** `npm run dashboards` writes the dashboards as Grafana loads them; with `--check` it only tells whether they are new. */
const TARGET = join(import.meta.dirname, '..', 'dashboards');
const isCheck = process.argv.includes('--check');

for (const [name, dashboard] of Object.entries(DASHBOARDS)) {
  const file = join(TARGET, `${name}.json`);
  const text = `${JSON.stringify(dashboard, undefined, 1)}\n`;
  if (!isCheck) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${name}.json is not what its source says: npm run dashboards.\n`);
    process.exitCode = 1;
  }
}
