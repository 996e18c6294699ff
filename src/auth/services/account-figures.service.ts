import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DatabaseService } from '../../platform/database/database.service.js';
import { LeaderService } from '../../platform/scheduling/leader.service.js';
import { AccountMetrics } from '../account.metrics.js';
import { AccountFiguresRepository } from '../persistence/account-figures.repository.js';

const EACH_MS = 30_000;

/** Counts accounts now and then, so that no scrape has to. */
@Injectable()
export class AccountFiguresService implements OnApplicationBootstrap {
  private readonly log = new Logger(AccountFiguresService.name);

  constructor(
    private readonly leader: LeaderService,
    private readonly database: DatabaseService,
    private readonly figures: AccountFiguresRepository,
    private readonly metrics: AccountMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.database.ready().then(
      () => this.count(),
      () => undefined,
    );
  }

  @Interval(EACH_MS)
  async count(): Promise<void> {
    if (!this.leader.isLeader) this.metrics.clear();
    if (this.database.state !== 'up') return;
    try {
      await this.leader.run('count accounts', async () => {
        this.metrics.show(await this.figures.read());
      });
    } catch (error) {
      this.log.warn({ err: error }, 'accounts could not be counted');
    }
  }
}
