import { Injectable } from '@nestjs/common';
import { mostBytes } from '../../platform/memory/most-bytes.js';
import type { NanoDollars } from '../../platform/money/nano-dollars.js';
import { beginsLineOf, withCredits, type JournalLine } from '../journal-line.js';

/** Some 1,500 calls. */
const RING_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * The calls that ended last: their callers may ask for them before the database has them. Each call is remembered and
 * hardly one is asked for, so they are a ring of bytes: as objects they would grow old, and fill the memory with garbage
 * that only a full collection finds.
 */
@Injectable()
export class RecentTransactions {
  private readonly ring = Buffer.alloc(RING_BYTES);
  private next = 0;

  /** A line of the journal but for what the caller pays. */
  remember(line: string, charged: NanoDollars): void {
    const text = `${withCredits(line, charged)}\n`;
    const most = mostBytes(text);
    if (most > RING_BYTES) return;
    if (this.next + most > RING_BYTES) this.next = 0;
    // What it overwrites loses its beginning, so that it is not found any more.
    this.next += this.ring.write(text, this.next);
  }

  find(requestId: string): JournalLine | undefined {
    const start = this.ring.indexOf(beginsLineOf(requestId));
    if (start < 0) return undefined;
    return JSON.parse(this.ring.toString('utf8', start, this.ring.indexOf(LINE_FEED, start))) as JournalLine;
  }
}
