import { createHmac } from 'node:crypto';
import type { Env } from '../../config/env.js';
import { PROJECT_FOLDER } from '../../config/project-folder.js';
import { join } from 'node:path';
import type { DataDirectory } from '../data-directory/data-directory.js';
import type { DatabaseSource } from './embedded/child-messages.js';
import { EmbeddedSupabase, type ChildWatcher, type SupabaseAddress } from './embedded/embedded-supabase.js';

/** In tests, too, which run on what `npm test` built. */
const CHILD = join(PROJECT_FOLDER, 'dist', 'platform', 'database', 'embedded', 'child.js');
const MIGRATIONS = join(PROJECT_FOLDER, 'supabase', 'migrations');

/** A Supabase to talk to, ours or somebody's. */
export interface SupabaseBackend {
  readonly name: 'supabase' | 'postgres' | 'pglite';
  /** Starts already what takes long, while the gateway itself is loading. */
  begin(): void;
  /** Resolves once it can be asked. */
  start(watcher: ChildWatcher): Promise<SupabaseAddress>;
  stop(): Promise<void>;
  /** What its access tokens are signed with, when that is ours to know; a hosted one publishes its keys. */
  readonly jwtSecret?: string;
  /** The process that serves it, when that is a child of ours. */
  readonly pid?: number | undefined;
}

/** For `@Inject(SUPABASE_BACKEND)`. */
export const SUPABASE_BACKEND = Symbol('SUPABASE_BACKEND');

/** The one that the environment names. */
export function chooseBackend(env: Env, directory: DataDirectory): SupabaseBackend {
  const { SUPABASE_URL: url, SUPABASE_SECRET_KEY: secretKey, DATABASE_URL: databaseUrl } = env;
  if (url !== undefined && secretKey !== undefined) {
    return {
      name: 'supabase',
      begin: () => undefined,
      start: () => Promise.resolve({ url, secretKey }),
      stop: () => Promise.resolve(),
    };
  }
  return databaseUrl === undefined
    ? embedded({ kind: 'pglite', folder: directory.path('database') }, directory.secret('jwt'))
    : embedded({ kind: 'postgres', url: databaseUrl }, sharedSecret(env.API_KEY_PEPPER ?? ''));
}

/** The same for every gateway on one PostgreSQL: each must accept the sessions of the others. */
function sharedSecret(pepper: string): string {
  return createHmac('sha256', pepper).update('access tokens').digest('hex');
}

function embedded(source: DatabaseSource, jwtSecret: string): SupabaseBackend {
  const child = new EmbeddedSupabase({ source, childPath: CHILD, migrationsFolder: MIGRATIONS, jwtSecret });
  return {
    name: source.kind,
    jwtSecret,
    begin: () => {
      child.begin();
    },
    start: (watcher) => child.start(watcher),
    stop: () => child.stop(),
    get pid() {
      return child.pid;
    },
  };
}
