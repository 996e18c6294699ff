import { join } from 'node:path';

/** Where package.json lies: two folders above src/config in tests, dist/config and dist/gateway alike. */
export const PROJECT_FOLDER = join(import.meta.dirname, '..', '..');
