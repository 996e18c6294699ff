import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../../auth/caller.js';
import type { Books } from '../admission/books.js';
import { SpendingRepository } from '../persistence/spending.repository.js';
import { FileRecords } from './file-records.js';

/** Before a call is refused for want of credits the database is asked again, at most so often for a key. */
const REFRESH_MS = 2_000;

/** Tells the books what the database knows, when they know nothing yet or may know too little. */
@Injectable()
export class AccountService {
  private readonly openings = new Map<string, Promise<void>>();
  private readonly refreshed = new LRUCache<string, true>({ max: 10_000, ttl: REFRESH_MS });

  constructor(
    private readonly spending: SpendingRepository,
    private readonly records: FileRecords,
  ) {}

  /** One look into the database however many calls wait for it. @throws DatabaseUnavailableError */
  async open(books: Books, { userId, apiKeyId }: Caller): Promise<void> {
    const running = this.openings.get(apiKeyId);
    if (running) return running;
    const opening = this.read(books, userId, apiKeyId).finally(() => this.openings.delete(apiKeyId));
    this.openings.set(apiKeyId, opening);
    return opening;
  }

  /** Whether it is time to ask the database again: credits may have been added elsewhere. */
  mayRefresh({ apiKeyId }: Caller): boolean {
    if (this.refreshed.has(apiKeyId)) return false;
    this.refreshed.set(apiKeyId, true);
    return true;
  }

  private async read(books: Books, userId: string, apiKeyId: string): Promise<void> {
    await this.records.caughtUp();
    const state = await this.spending.stateOf(userId, apiKeyId);
    if (state) await books.open(state);
  }
}
