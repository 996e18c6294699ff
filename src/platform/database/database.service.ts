import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { ENV, type Env } from '../../config/env.js';
import { SystemMetrics } from '../metrics/system.metrics.js';
import { DatabaseError, DatabaseUnavailableError } from './database-errors.js';
import type { DatabaseState } from './database-state.js';
import type { Database } from './database-types.js';
import { DatabaseMetrics } from './database.metrics.js';
import { SUPABASE_BACKEND, type SupabaseBackend } from './supabase-backend.js';

export type DatabaseClient = SupabaseClient<Database>;

/** The waits before the second, the third, and every later try. */
const FIRST_RETRIES_MS = [500, 2_000];
const LONGEST_RETRY_MS = 30_000;
const CHECK_INTERVAL_MS = 5_000;
/** A child that ends this soon after it was up will hardly do better at once. */
const SOON_MS = 1_000;
const SOON_RETRY_MS = 2_000;

/** What every query of supabase-js resolves to. */
interface QueryResult<Data> {
  readonly data: Data | null;
  readonly error: { readonly message: string; readonly code?: string } | null;
  readonly status: number;
}

/**
 * The one way to the database, through supabase-js. It comes up in the background and may go away: the gateway serves
 * what it can meanwhile, and `state` says so without asking anybody.
 */
@Injectable()
export class DatabaseService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(DatabaseService.name);
  private client: DatabaseClient | undefined;
  private current: DatabaseState = 'starting';
  private waiters: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isEnding = false;
  private upSince = 0;

  constructor(
    @Inject(ENV) private readonly env: Env,
    @Inject(SUPABASE_BACKEND) private readonly backend: SupabaseBackend,
    private readonly metrics: DatabaseMetrics,
    system: SystemMetrics,
  ) {
    system.backend('database', backend.name);
  }

  get state(): DatabaseState {
    return this.current;
  }

  /** The process that serves the embedded database. */
  get childPid(): number | undefined {
    return this.backend.pid;
  }

  /** Resolves when the database is up, which may be now. */
  ready(): Promise<void> {
    if (this.current === 'up') return Promise.resolve();
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  /**
   * Runs one query and gives back its data.
   * @throws DatabaseUnavailableError when the database does not answer, DatabaseError when it refuses
   */
  async query<Data>(
    what: { readonly table: string; readonly operation: string },
    build: (
      client: DatabaseClient,
    ) => PromiseLike<QueryResult<Data>> & { abortSignal(signal: AbortSignal): PromiseLike<QueryResult<Data>> },
  ): Promise<Data> {
    const { client } = this;
    if (!client) throw new DatabaseUnavailableError();
    const startedAt = performance.now();
    const { data, error, status } = await build(client).abortSignal(AbortSignal.timeout(this.env.DATABASE_TIMEOUT_MS));
    this.metrics.observe(what, performance.now() - startedAt);
    if (!error) return data as Data;
    throw isAbsence(status)
      ? new DatabaseUnavailableError({ cause: error })
      : new DatabaseError(error.code ?? '', error.message);
  }

  /** Begins without waiting: the gateway listens before its database is up. */
  onApplicationBootstrap(): void {
    void this.comeUp(0);
  }

  async onApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    clearTimeout(this.timer);
    await this.backend.stop();
  }

  private async comeUp(failures: number): Promise<void> {
    try {
      const { url, secretKey } = await this.backend.start({
        onLine: (line) => {
          this.log.debug(line.slice(0, 2000));
        },
        onExit: () => {
          this.lost(new Error('The process of the embedded database ended.'));
        },
      });
      this.client = createClient<Database>(url, secretKey, {
        auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
      });
      await this.ask(this.client);
      this.turn('up');
      this.schedule(() => this.check(), CHECK_INTERVAL_MS);
    } catch (error) {
      this.log.error(
        { err: error, backend: this.backend.name, attempt: failures + 1 },
        'the database cannot be reached',
      );
      // Two quick retries belong to the start; after them the database counts as down.
      if (failures >= FIRST_RETRIES_MS.length) this.turn('down');
      await this.backend.stop();
      this.schedule(() => this.comeUp(failures + 1), FIRST_RETRIES_MS[failures] ?? LONGEST_RETRY_MS);
    }
  }

  private async check(): Promise<void> {
    try {
      if (this.client) await this.ask(this.client);
      this.turn('up');
    } catch (error) {
      this.turn('down', error);
    }
    this.schedule(() => this.check(), CHECK_INTERVAL_MS);
  }

  /** The cheapest question whose answer needs the schema. */
  private async ask(client: DatabaseClient): Promise<void> {
    const signal = AbortSignal.timeout(this.env.DATABASE_TIMEOUT_MS);
    const { error } = await client.from('users').select('id').limit(1).abortSignal(signal);
    if (!error) return;
    const hint = this.backend.name === 'supabase' ? ' Apply the migrations with `supabase db push`.' : '';
    const isSchemaMissing = ['42P01', 'PGRST205'].includes(error.code);
    throw new Error(isSchemaMissing ? `The schema is missing.${hint}` : error.message);
  }

  /** The child ended by itself: another is started at once. */
  private lost(error: Error): void {
    if (this.isEnding) return;
    this.client = undefined;
    this.turn('down', error);
    // One that keeps ending must not keep the machine busy.
    const isOften = Date.now() - this.upSince < SOON_MS;
    this.schedule(() => this.comeUp(0), isOften ? SOON_RETRY_MS : 0);
  }

  private turn(state: DatabaseState, error?: unknown): void {
    if (state === this.current) return;
    this.current = state;
    if (state === 'down') this.log.error({ err: error, backend: this.backend.name }, 'the database is down');
    else this.log.log({ backend: this.backend.name }, 'the database is up');
    if (state !== 'up') return;
    this.upSince = Date.now();
    const { waiters } = this;
    this.waiters = [];
    for (const resume of waiters) resume();
  }

  private schedule(task: () => Promise<void>, delayMs: number): void {
    clearTimeout(this.timer);
    if (!this.isEnding) this.timer = setTimeout(() => void task(), delayMs);
  }
}

/** No answer, or that of something between us and the database. */
function isAbsence(status: number): boolean {
  return status === 0 || status >= 500 || status === 408 || status === 429;
}
