import { Inject, Injectable, Logger } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { ENV, type Env } from '../../config/env.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Topic } from '../../platform/events/topic.js';
import { LeaderService } from '../../platform/scheduling/leader.service.js';
import { configuredChannels } from '../alerts/channels.js';
import type { AnomalyQuery } from '../anomalies/anomaly-query.js';
import { detect } from '../anomalies/detector.js';
import { BUCKET_MS } from '../anomalies/series.js';
import { ANOMALIES, type ToldAnomaly } from '../anomalies/told-anomaly.js';
import { AnomalyRepository } from '../persistence/anomaly.repository.js';
import { viewAnomaly } from '../anomalies/anomaly-view.js';

/** Every five minutes, when the last five minutes are settled and summed up. */
const EACH_BUCKET = '20 */5 * * * *';

/** Finds out what is unusual, by the usage of all gateways; the one that leads does. */
@Injectable()
export class AnomalyService {
  private readonly log = new Logger(AnomalyService.name);

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly leader: LeaderService,
    private readonly database: DatabaseService,
    private readonly repository: AnomalyRepository,
    @Inject(ANOMALIES) private readonly anomalies: Topic<ToldAnomaly>,
  ) {}

  @Cron(EACH_BUCKET)
  async round(): Promise<void> {
    if (this.database.state !== 'up') return;
    const at = Math.floor(Date.now() / BUCKET_MS) * BUCKET_MS - BUCKET_MS;
    try {
      await this.leader.run('detect anomalies', () => this.look(at));
    } catch (error) {
      this.log.warn({ err: error }, 'nobody could look for anomalies');
    }
  }

  /** Judges the five minutes that begin at this time. @throws DatabaseUnavailableError */
  async look(at: number): Promise<void> {
    const [series, open] = await Promise.all([this.repository.series(at), this.repository.open()]);
    const known = new Map(open.map((row) => [`${row.series} ${row.measure}`, row]));
    const since = new Map([...known].map(([key, row]) => [key, { startedAt: Date.parse(row.started_at) }]));
    const { found, ended } = detect(series, at, since);
    const over = ended.flatMap((key) => known.get(key) ?? []);
    const fresh = await this.repository.keep(found, over, {
      channels: configuredChannels(this.env).map(({ name }) => name),
      least: this.env.ALERT_SEVERITY,
      cooldownMs: this.env.ALERT_COOLDOWN_MS,
    });
    for (const anomaly of fresh) this.anomalies.tell({ event: 'begin', anomaly });
    for (const anomaly of over) this.anomalies.tell({ event: 'end', anomaly });
    if (fresh.length > 0) this.log.warn({ anomalies: fresh }, 'something is unusual');
  }

  /** The latest first, at most so many. @throws DatabaseUnavailableError */
  async list(query: AnomalyQuery, most: number): Promise<object[]> {
    return (await this.repository.list(query, most)).map(viewAnomaly);
  }
}
