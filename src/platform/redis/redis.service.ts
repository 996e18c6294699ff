import { Injectable, Logger, Optional, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectRedis } from '@nestjs-modules/ioredis';
import { ReplyError, type Redis } from 'ioredis';
import { SystemMetrics } from '../metrics/system.metrics.js';
import { RedisUnavailableError } from './redis-errors.js';
import type { RedisState } from './redis-state.js';

type Listener = (message: string) => void;

/**
 * The one way to Redis. It may be absent by choice (`isConfigured` is false) or away for a while, and `state` says so
 * without asking; what is asked meanwhile fails at once.
 */
@Injectable()
export class RedisService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(RedisService.name);
  private subscriber: Redis | undefined;
  private isKnownUp: boolean | undefined;

  constructor(
    system: SystemMetrics,
    @Optional() @InjectRedis() private readonly client?: Redis,
  ) {
    system.backend('redis', client ? 'redis' : 'memory');
    // Without a listener an error of the connection would end the process; what it means is told by the state.
    client?.on('error', (error: Error) => {
      this.log.debug({ err: error }, 'redis');
    });
  }

  get isConfigured(): boolean {
    return this.client !== undefined;
  }

  get state(): RedisState {
    if (!this.client) return 'not_configured';
    return this.client.status === 'ready' ? 'up' : 'down';
  }

  /** Published messages reach this process: without that, what others change is not heard of. */
  get isListening(): boolean {
    return this.subscriber?.status === 'ready';
  }

  /** @throws RedisUnavailableError when it is away or too slow; what Redis itself refuses is thrown as it is */
  async ask<Answer>(question: (redis: Redis) => Promise<Answer>): Promise<Answer> {
    if (!this.client) throw new RedisUnavailableError();
    try {
      return await question(this.client);
    } catch (cause) {
      if (cause instanceof ReplyError && !isPassing(String(cause))) throw cause;
      throw new RedisUnavailableError({ cause });
    }
  }

  /** Calls the listener with each message of the channel, also after the connection was lost and found again. */
  listen(channel: string, listener: Listener): void {
    const subscriber = (this.subscriber ??= this.connectSubscriber());
    subscriber?.on('message', (from: string, message: string) => {
      if (from === channel) listener(message);
    });
    void subscriber?.subscribe(channel).catch((error: unknown) => {
      this.log.warn({ err: error, channel }, 'could not subscribe');
    });
  }

  /** Calls the listener now if Redis is up, and each time that it comes up: what was told meanwhile was not heard. */
  whenUp(listener: () => void): void {
    this.client?.on('ready', listener);
    if (this.state === 'up') listener();
  }

  onApplicationBootstrap(): void {
    const { client } = this;
    if (!client) return;
    client.on('close', () => {
      this.turn(false);
    });
    client.on('ready', () => {
      this.turn(true);
      void this.warnOfForgetfulness(client);
    });
    if (client.status !== 'ready') return;
    this.turn(true);
    void this.warnOfForgetfulness(client);
  }

  onApplicationShutdown(): void {
    this.client?.removeAllListeners('close');
    this.subscriber?.disconnect();
    this.client?.disconnect();
  }

  /** Each change is told once, however often it tries to connect. */
  private turn(isUp: boolean): void {
    if (isUp === this.isKnownUp) return;
    this.isKnownUp = isUp;
    if (isUp) this.log.log('redis is up');
    else this.log.error('redis is away');
  }

  private connectSubscriber(): Redis | undefined {
    // Subscribing has to wait for a Redis that comes later; nobody waits for the subscription.
    const subscriber = this.client?.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null });
    subscriber?.on('error', () => undefined);
    return subscriber;
  }

  /** What is journalled in Redis is money: it must outlive a restart, and must not be evicted. */
  private async warnOfForgetfulness(client: Redis): Promise<void> {
    try {
      const setting = async (name: string): Promise<string | undefined> => {
        const [, value] = await client.config('GET', name);
        return value;
      };
      const [appendOnly, policy] = [await setting('appendonly'), await setting('maxmemory-policy')];
      if (appendOnly === 'no')
        this.log.warn('redis runs without `appendonly yes`: a restart of it loses usage records');
      if (policy !== undefined && policy !== 'noeviction') {
        this.log.warn({ policy }, 'redis may evict usage records: set `maxmemory-policy noeviction`');
      }
    } catch {}
  }
}

/** Replies of a Redis that is starting, or that only reads while another takes over. */
function isPassing(error: string): boolean {
  return /\b(?:LOADING|READONLY|MASTERDOWN|TRYAGAIN|CLUSTERDOWN|MISCONF)\b/.test(error);
}
