import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DatabaseUnavailableError } from '../../platform/database/database-errors.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { ChatHistoryMetrics } from '../chat-history.metrics.js';
import type { Exchange } from '../history/exchange.js';
import { toHistoryLine } from '../history/history-line.js';
import { ChatHistoryRepository } from '../persistence/chat-history.repository.js';
import { HistoryMemory } from './history-memory.js';

const INTERVAL_MS = 1_000;
const BATCH = 50;
const BATCH_BYTES = 2 * 1024 * 1024;

/**
 * Moves ended chats to the database, in batches. They wait in memory while it is away, as long as there is room; no
 * call ever waits for them, and what is lost with the process was not money.
 */
@Injectable()
export class HistoryKeeperService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(HistoryKeeperService.name);
  private waiting: Exchange[] = [];
  private moving: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: ChatHistoryRepository,
    private readonly database: DatabaseService,
    private readonly memory: HistoryMemory,
    private readonly metrics: ChatHistoryMetrics,
  ) {}

  /** Takes over what the exchange holds of the memory. */
  keep(exchange: Exchange): void {
    this.waiting.push(exchange);
  }

  /** What is meant does not reach the database; how many that were. */
  async forget(isMeant: (exchange: Exchange) => boolean): Promise<number> {
    const meant = this.waiting.filter(isMeant);
    this.waiting = this.waiting.filter((exchange) => !isMeant(exchange));
    this.letGo(meant);
    // A batch that is on its way arrives first, and is then deleted.
    await this.moving;
    return meant.length;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      if (this.waiting.length > 0 && this.database.state === 'up') this.move();
    }, INTERVAL_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    if (this.database.state === 'up') this.move();
    await this.moving;
    if (this.waiting.length > 0) this.metrics.count('dropped', this.waiting.length);
  }

  private move(): void {
    this.moving = this.moving.then(() => this.moveAll());
  }

  private async moveAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.takeBatch();
      try {
        await this.write(batch);
        this.letGo(batch);
      } catch (error) {
        this.waiting.unshift(...batch);
        if (!(error instanceof DatabaseUnavailableError)) this.log.error({ err: error }, 'chat history failed');
        return;
      }
    }
  }

  private takeBatch(): Exchange[] {
    let bytes = 0;
    const end = this.waiting.findIndex((exchange, index) => {
      bytes += exchange.heldBytes;
      return index === BATCH || (index > 0 && bytes > BATCH_BYTES);
    });
    return this.waiting.splice(0, end < 0 ? this.waiting.length : end);
  }

  private async write(batch: readonly Exchange[]): Promise<void> {
    const lines: string[] = [];
    for (const exchange of batch) {
      lines.push(toHistoryLine(exchange));
      // Reading a long stream takes a while; other calls have their turn in between.
      await nextTurn();
    }
    await this.writeLines(lines);
  }

  /** One that the database refuses must not keep the others out. */
  private async writeLines(lines: readonly string[]): Promise<void> {
    try {
      await this.repository.keep(lines);
      this.metrics.count('kept', lines.length);
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) throw error;
      if (lines.length > 1) {
        for (const line of lines) await this.writeLines([line]);
        return;
      }
      this.log.warn({ err: error }, 'the database refuses a chat');
      this.metrics.count('refused');
    }
  }

  private letGo(exchanges: readonly Exchange[]): void {
    for (const { heldBytes } of exchanges) this.memory.give(heldBytes);
  }
}
