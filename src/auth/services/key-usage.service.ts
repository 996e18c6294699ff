import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DatabaseService } from '../../platform/database/database.service.js';
import { ApiKeyRepository } from '../persistence/api-key.repository.js';

const FLUSH_MS = 60_000;

/** Remembers when keys were used last, and writes it down for all of them at once, once a minute. */
@Injectable()
export class KeyUsageService implements BeforeApplicationShutdown {
  private readonly log = new Logger(KeyUsageService.name);
  private uses = new Map<string, number>();

  constructor(
    private readonly repository: ApiKeyRepository,
    private readonly database: DatabaseService,
  ) {}

  used(apiKeyId: string): void {
    this.uses.set(apiKeyId, Date.now());
  }

  @Interval(FLUSH_MS)
  async flush(): Promise<void> {
    if (this.uses.size === 0 || this.database.state !== 'up') return;
    const { uses } = this;
    this.uses = new Map();
    const times = [...uses].map(([id, at]) => [id, new Date(at).toISOString()] as const);
    try {
      await this.repository.touch(Object.fromEntries(times));
    } catch (error) {
      // It is a convenience: the next use of the key tells it again.
      this.log.debug({ err: error }, 'the last use of keys could not be written');
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }
}
