import type { LoggerService } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { inspect } from 'node:util';
import { ENV, readEnv, type Variables } from '../../src/config/env.js';
import { DataDirectory } from '../../src/platform/data-directory/data-directory.js';
import type { SupabaseAddress } from '../../src/platform/database/embedded/embedded-supabase.js';
import { DatabaseMetrics } from '../../src/platform/database/database.metrics.js';
import { DatabaseService } from '../../src/platform/database/database.service.js';
import { chooseBackend, SUPABASE_BACKEND, type SupabaseBackend } from '../../src/platform/database/supabase-backend.js';
import { MetricsRegistry } from '../../src/platform/metrics/metrics-registry.js';
import { SystemMetrics } from '../../src/platform/metrics/system.metrics.js';
import { prepareData } from './prepared-data.js';

/** The gateway's database, without the rest of the gateway. */
export interface DatabaseApplication {
  readonly service: DatabaseService;
  /** Where it was reached last. */
  readonly address: SupabaseAddress;
  readonly metrics: MetricsRegistry;
  /** The data directory, to start on once more. */
  readonly folder: string;
  /** What it logged at warn and above, a line each. */
  readonly complaints: readonly string[];
  stop(): Promise<void>;
}

/** Starts as the gateway does: it does not wait until the database is up. */
export async function startDatabase(variables: Variables, where?: string): Promise<DatabaseApplication> {
  const folder = where ?? (await prepareData()).dataDirectory;
  const env = readEnv({ API_KEY_PEPPER: 'a pepper of more than thirty-two characters', ...variables });
  const directory = await DataDirectory.open(folder);
  const backend = overheard(chooseBackend(env, directory));
  const complaints: string[] = [];
  const application = await Test.createTestingModule({
    providers: [
      { provide: ENV, useValue: env },
      { provide: SUPABASE_BACKEND, useValue: backend },
      { provide: DataDirectory, useValue: directory },
      { provide: SystemMetrics, useValue: { backend: () => undefined } },
      DatabaseMetrics,
      DatabaseService,
      MetricsRegistry,
    ],
  })
    .setLogger(listener(complaints))
    .compile();
  await application.init();
  return {
    service: application.get(DatabaseService),
    get address() {
      return backend.address;
    },
    metrics: application.get(MetricsRegistry),
    folder,
    complaints,
    stop: () => application.close(),
  };
}

/** Remembers the address, which only DatabaseService is told. */
function overheard(backend: SupabaseBackend): SupabaseBackend & { readonly address: SupabaseAddress } {
  let address: SupabaseAddress = { url: '', secretKey: '' };
  return {
    name: backend.name,
    begin: () => {
      backend.begin();
    },
    start: async (watcher) => (address = await backend.start(watcher)),
    stop: () => backend.stop(),
    get pid() {
      return backend.pid;
    },
    get address() {
      return address;
    },
  };
}

function listener(complaints: string[]): LoggerService {
  const note = (...parts: unknown[]): void => {
    complaints.push(parts.map((part) => (typeof part === 'string' ? part : inspect(part))).join(' '));
  };
  return {
    log: () => undefined,
    debug: () => undefined,
    verbose: () => undefined,
    warn: note,
    error: note,
    fatal: note,
  };
}
