import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** All that tests write into the system's folder of temporary files stays together, to be removed together. */
export default function keepTogether() {
  const folder = mkdtempSync(join(tmpdir(), 'gatewayz-tests-'));
  // PostgreSQL runs as another user.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  process.env.TEST_FILES = folder;
}
