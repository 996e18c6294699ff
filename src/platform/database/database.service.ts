import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { ENV, type Env } from '../../config/env.js';
import { SystemMetrics } from '../metrics/system.metrics.js';
import { DatabaseError, DatabaseUnavailableError, isAbsence } from './database-errors.js';
import { databaseFetch } from './database-fetch.js';
import type { DatabaseState } from './database-state.js';
import type { Database } from './database-types.js';
import { DatabaseMetrics } from './database.metrics.js';
import type { SupabaseAddress } from './embedded/embedded-supabase.js';
import { SUPABASE_BACKEND, type SupabaseBackend } from './supabase-backend.js';

export type DatabaseClient = SupabaseClient<Database>;

/** First try, two retries within seconds, and then for ever: 0.5 s, 2 s, 8 s, and 30 s from then on. */
const START_TRIES = 3;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;
const CHECK_INTERVAL_MS = 5_000;
/** A child that ended sooner than this after it was up will hardly do better at once. */
const STEADY_MS = 10_000;

const STATELESS = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };

/** All clients of one database share its connections. */
interface Reachable extends SupabaseAddress {
  readonly fetch: typeof fetch;
}

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
export class DatabaseService implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly log = new Logger(DatabaseService.name);
  private client: DatabaseClient | undefined;
  private address: Reachable | undefined;
  private current: DatabaseState = 'starting';
  private waiters: PromiseWithResolvers<void>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isClosing = false;
  private isEnding = false;
  /** How often in a row it did not come up, or not for long. */
  private failures = 0;
  private upSince = 0;
  /** Since when it has answered no check, not even with an error. */
  private silentSince: number | undefined;

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

  /**
   * Resolves when the database is up, which may be now.
   * @throws DatabaseUnavailableError when the gateway ends before that
   */
  ready(): Promise<void> {
    if (this.current === 'up') return Promise.resolve();
    if (this.isClosing) return Promise.reject(new DatabaseUnavailableError());
    const waiter: PromiseWithResolvers<void> = Promise.withResolvers();
    this.waiters.push(waiter);
    return waiter.promise;
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
    throw isAbsence(status, error.code)
      ? new DatabaseUnavailableError({ cause: error })
      : new DatabaseError(error.code ?? '', error.message);
  }

  /**
   * Supabase Auth for one person: signing in changes a client's credentials, so nobody shares one.
   * @throws DatabaseUnavailableError
   */
  auth(): SupabaseClient['auth'] {
    const { address } = this;
    if (!address) throw new DatabaseUnavailableError();
    return connect(address).auth;
  }

  /** Where Supabase is; undefined until it was up once. */
  get url(): string | undefined {
    return this.address?.url;
  }

  /** Begins without waiting: the gateway listens before its database is up. */
  onApplicationBootstrap(): void {
    void this.comeUp();
  }

  /** Who still waits for a database that is away would keep the gateway from ending. */
  onModuleDestroy(): void {
    this.isClosing = true;
    for (const waiter of this.takeWaiters()) waiter.reject(new DatabaseUnavailableError());
  }

  async onApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    clearTimeout(this.timer);
    await this.backend.stop();
  }

  private async comeUp(): Promise<void> {
    try {
      const { url, secretKey } = await this.backend.start({
        onLine: (line) => {
          this.log.debug(line.slice(0, 2000));
        },
        onExit: () => {
          this.lost();
        },
      });
      this.address = { url, secretKey, fetch: databaseFetch(url) };
      const client = connect(this.address);
      await this.ask(client);
      this.client = client;
      this.turn('up');
      this.schedule(() => this.check(client), CHECK_INTERVAL_MS);
    } catch (error) {
      await this.retryAfter(error);
    }
  }

  private async retryAfter(error: unknown): Promise<void> {
    if (this.isEnding) return;
    this.failures += 1;
    const isStarting = this.current === 'starting';
    const facts = { err: error, backend: this.backend.name, attempt: this.failures };
    // Later tries fail as the first did, and the change was told.
    if (isStarting) this.log.warn(facts, 'the database cannot be reached');
    else this.log.debug(facts, 'the database still cannot be reached');
    if (this.failures >= START_TRIES) this.turn('down', error);
    await this.backend.stop();
    this.schedule(() => this.comeUp(), this.retryDelayMs());
  }

  private async check(client: DatabaseClient): Promise<void> {
    const error = await this.ask(client).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    // Its child ended meanwhile, and another is being started.
    if (client !== this.client) return;
    if (error === undefined) this.turn('up');
    else this.turn('down', error);
    this.endHanging();
    this.schedule(() => this.check(client), CHECK_INTERVAL_MS);
  }

  /**
   * A child that still runs but has not answered for so long never will: PGlite waits for ever for a lock that it holds
   * itself after it ran out of disk space. Once it has ended another takes its place.
   */
  private endHanging(): void {
    const { pid } = this.backend;
    if (pid === undefined || this.silentSince === undefined) return;
    const silentMs = Date.now() - this.silentSince;
    if (silentMs < this.env.DATABASE_HANG_TIMEOUT_MS) return;
    this.log.error({ pid, silentMs }, 'the process of the database hangs, and is ended');
    process.kill(pid, 'SIGKILL');
  }

  /** The cheapest question whose answer needs the schema. */
  private async ask(client: DatabaseClient): Promise<void> {
    const signal = AbortSignal.timeout(this.env.DATABASE_TIMEOUT_MS);
    const { error } = await client.from('users').select('id').limit(1).abortSignal(signal);
    this.silentSince = signal.aborted ? (this.silentSince ?? Date.now()) : undefined;
    if (!error) return;
    const hint = this.backend.name === 'supabase' ? ' Apply the migrations with `supabase db push`.' : '';
    const isSchemaMissing = ['42P01', 'PGRST205'].includes(error.code);
    throw new Error(isSchemaMissing ? `The schema is missing.${hint}` : error.message);
  }

  /** The child ended by itself: another is started, at once unless that does not help. */
  private lost(): void {
    if (this.isEnding) return;
    this.client = undefined;
    this.turn('down', new Error('The process of the embedded database ended.'));
    this.failures = Date.now() - this.upSince < STEADY_MS ? this.failures + 1 : 0;
    this.schedule(() => this.comeUp(), this.failures > 0 ? this.retryDelayMs() : 0);
  }

  private retryDelayMs(): number {
    return Math.min(FIRST_RETRY_MS * 4 ** (this.failures - 1), LONGEST_RETRY_MS);
  }

  private turn(state: DatabaseState, error?: unknown): void {
    if (state === this.current) return;
    this.current = state;
    const facts = { backend: this.backend.name };
    if (state === 'up') {
      this.log.log(facts, 'the database is up');
      this.upSince = Date.now();
      for (const waiter of this.takeWaiters()) waiter.resolve();
    } else {
      this.log.error({ err: error, ...facts }, 'the database is down');
    }
  }

  private takeWaiters(): PromiseWithResolvers<void>[] {
    const { waiters } = this;
    this.waiters = [];
    return waiters;
  }

  private schedule(task: () => Promise<void>, delayMs: number): void {
    clearTimeout(this.timer);
    if (!this.isEnding) this.timer = setTimeout(() => void task(), delayMs);
  }
}

function connect({ url, secretKey, fetch }: Reachable): DatabaseClient {
  return createClient<Database>(url, secretKey, { auth: STATELESS, global: { fetch } });
}
