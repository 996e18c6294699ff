import { rmSync } from 'node:fs';

/** What `temporary-files.mjs` has kept together. */
export default function removeTemporaryFiles() {
  rmSync(process.env.TEST_FILES, { recursive: true, force: true, maxRetries: 3 });
}
