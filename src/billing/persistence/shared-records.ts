import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { RedisService } from '../../platform/redis/redis.service.js';
import type { PendingBatch, PendingRecords } from '../pending-batch.js';
import { JOURNAL_GROUP, JOURNAL_KEY } from './redis-keys.js';
import { SharedBooks, type SharedEntry } from './shared-books.js';

const BATCH = 400;
/** What a gateway took and did not confirm for so long is taken by another: it has died. */
const ABANDONED_AFTER_MS = 30_000;

/** An entry as Redis gives it: its id, then names and values in turn. */
type RawEntry = [id: string, fields: string[]];

/**
 * The journal that all gateways write to, read through a consumer group: each entry goes to one of them. One that dies
 * before it confirmed leaves its entries to the others, and the database takes none twice.
 */
@Injectable()
export class SharedRecords implements PendingRecords {
  private readonly consumer = randomUUID();
  private hasGroup = false;
  /** Taken and not yet confirmed: tried again before others are. */
  private taken: SharedEntry[] = [];

  constructor(
    private readonly redis: RedisService,
    private readonly books: SharedBooks,
  ) {}

  async next(): Promise<PendingBatch | undefined> {
    if (this.redis.state !== 'up') return undefined;
    if (this.taken.length === 0) this.taken = await this.redis.ask((redis) => this.take(redis));
    const entries = this.taken;
    if (entries.length === 0) return undefined;
    return {
      lines: entries.map(({ line }) => line),
      hasNext: entries.length === BATCH,
      confirm: async (totals) => {
        await this.books.confirm(entries, totals);
        this.taken = [];
      },
    };
  }

  /** The gateway ends. What it took and did not confirm is left to the others, which forgetting it would not. */
  async leave(): Promise<void> {
    if (this.redis.state !== 'up' || this.taken.length > 0) return;
    await this.redis.ask((redis) => redis.xgroup('DELCONSUMER', JOURNAL_KEY, JOURNAL_GROUP, this.consumer));
  }

  /** Entries that no gateway has confirmed yet. */
  async count(): Promise<number> {
    return this.redis.state === 'up' ? this.redis.ask((redis) => redis.xlen(JOURNAL_KEY)) : 0;
  }

  private async take(redis: Redis): Promise<SharedEntry[]> {
    try {
      await this.ensureGroup(redis);
      const abandoned = await this.takeAbandoned(redis);
      return abandoned.length > 0 ? abandoned : await this.takeNew(redis);
    } catch (error) {
      // A Redis that lost its data has lost the group, too.
      this.hasGroup = false;
      throw error;
    }
  }

  private async ensureGroup(redis: Redis): Promise<void> {
    if (this.hasGroup) return;
    try {
      await redis.xgroup('CREATE', JOURNAL_KEY, JOURNAL_GROUP, '0', 'MKSTREAM');
    } catch (error) {
      if (!String(error).includes('BUSYGROUP')) throw error;
    }
    this.hasGroup = true;
  }

  private async takeAbandoned(redis: Redis): Promise<SharedEntry[]> {
    const answer = await redis.xautoclaim(
      ...([JOURNAL_KEY, JOURNAL_GROUP, this.consumer, ABANDONED_AFTER_MS, '0-0', 'COUNT', BATCH] as const),
    );
    const [, entries] = answer as [string, (RawEntry | null)[]];
    return entries.filter((entry) => entry !== null).map(readEntry);
  }

  private async takeNew(redis: Redis): Promise<SharedEntry[]> {
    const answer = await redis.xreadgroup(
      ...(['GROUP', JOURNAL_GROUP, this.consumer, 'COUNT', BATCH, 'STREAMS', JOURNAL_KEY, '>'] as const),
    );
    const [stream] = (answer ?? []) as [string, RawEntry[]][];
    return (stream?.[1] ?? []).map(readEntry);
  }
}

function readEntry([id, fields]: RawEntry): SharedEntry {
  const values = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) values.set(fields[at] ?? '', fields[at + 1] ?? '');
  const [userId = '', credits = '0', line = ''] = ['user', 'credits', 'line'].map((name) => values.get(name));
  return { id, userId, credits, line };
}
