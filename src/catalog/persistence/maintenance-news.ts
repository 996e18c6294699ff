import { Injectable } from '@nestjs/common';
import { RedisUnavailableError } from '../../platform/redis/redis-errors.js';
import { RedisService } from '../../platform/redis/redis.service.js';

const CHANNEL = 'gatewayz:maintenance';

/** How gateways tell each other that the plan is not what it was. */
@Injectable()
export class MaintenanceNews {
  constructor(private readonly redis: RedisService) {}

  /** Who does not hear it, since Redis is away, reads the plan a little later all the same. */
  async tell(): Promise<void> {
    if (this.redis.state !== 'up') return;
    try {
      await this.redis.ask((redis) => redis.publish(CHANNEL, 'changed'));
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
    }
  }

  onChange(listener: () => void): void {
    if (this.redis.isConfigured) this.redis.listen(CHANNEL, listener);
  }
}
