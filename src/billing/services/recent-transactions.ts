import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { NanoDollars } from '../../platform/money/nano-dollars.js';
import { toJournalLine, withCredits, type JournalLine } from '../journal-line.js';
import type { UsageRecord } from '../usage-record.js';

/** About a megabyte of them. */
const REMEMBERED = 1_000;

/** The calls that ended last: their callers may ask for them before the database has them. */
@Injectable()
export class RecentTransactions {
  private readonly records = new LRUCache<string, { readonly record: UsageRecord; readonly charged: NanoDollars }>({
    max: REMEMBERED,
  });

  remember(record: UsageRecord, charged: NanoDollars): void {
    this.records.set(record.requestId, { record, charged });
  }

  find(requestId: string): JournalLine | undefined {
    const known = this.records.get(requestId);
    return known && (JSON.parse(withCredits(toJournalLine(known.record), known.charged)) as JournalLine);
  }
}
