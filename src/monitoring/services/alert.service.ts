import { Inject, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ENV, type Env } from '../../config/env.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { DueAlertRow } from '../../platform/database/database-rows.js';
import { LeaderService } from '../../platform/scheduling/leader.service.js';
import { configuredChannels, type Channel } from '../alerts/channels.js';
import { AnomalyRepository } from '../persistence/anomaly.repository.js';

const EACH_MS = 10_000;
const AT_ONCE = 20;
const DEADLINE_MS = 10_000;
/** After 15 s, 1 min, 4 min, … up to an hour; the last try is about a day after the first. */
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 3_600_000;
const MOST_TRIES = 28;

/** Tells people of anomalies. What could not be delivered stands in the database, and is tried again whoever leads then. */
@Injectable()
export class AlertService {
  private readonly log = new Logger(AlertService.name);
  private readonly channels: readonly Channel[];

  constructor(
    @Inject(ENV) env: Env,
    private readonly leader: LeaderService,
    private readonly database: DatabaseService,
    private readonly repository: AnomalyRepository,
  ) {
    this.channels = configuredChannels(env);
  }

  @Interval(EACH_MS)
  async round(): Promise<void> {
    if (this.channels.length === 0 || this.database.state !== 'up') return;
    try {
      await this.leader.run('send alerts', () => this.send());
    } catch (error) {
      this.log.warn({ err: error }, 'alerts could not be sent');
    }
  }

  /** Whatever is due. @throws DatabaseUnavailableError */
  async send(): Promise<void> {
    for (const alert of await this.repository.dueAlerts(AT_ONCE)) {
      const isDelivered = await this.deliver(alert);
      const isLast = isDelivered || alert.tries + 1 >= MOST_TRIES;
      const waitMs = Math.min(FIRST_WAIT_MS * 4 ** alert.tries, LONGEST_WAIT_MS);
      await this.repository.tried(alert, {
        isDelivered,
        nextTryAt: isLast ? undefined : new Date(Date.now() + waitMs),
      });
    }
  }

  private async deliver(alert: DueAlertRow): Promise<boolean> {
    const channel = this.channels.find(({ name }) => name === alert.channel);
    if (!channel) return false;
    const body = JSON.stringify(channel.message(alert));
    try {
      const response = await fetch(channel.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...channel.headers?.(body) },
        body,
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      await response.body?.cancel();
      if (response.ok) return true;
      this.log.warn({ channel: channel.name, status: response.status }, 'an alert was refused');
    } catch (error) {
      this.log.warn({ channel: channel.name, reason: String(error) }, 'an alert did not arrive');
    }
    return false;
  }
}
