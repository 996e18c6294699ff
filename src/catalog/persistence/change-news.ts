import { Injectable } from '@nestjs/common';
import { RedisUnavailableError } from '../../platform/redis/redis-errors.js';
import { RedisService } from '../../platform/redis/redis.service.js';

/** What administrators change here. */
export type Changeable = 'maintenance' | 'catalogue';

/** How gateways tell each other that something is not what it was. */
@Injectable()
export class ChangeNews {
  constructor(private readonly redis: RedisService) {}

  /** Who does not hear it, since Redis is away, reads the database a little later all the same. */
  async tell(what: Changeable): Promise<void> {
    if (this.redis.state !== 'up') return;
    try {
      await this.redis.ask((redis) => redis.publish(channelOf(what), 'changed'));
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
    }
  }

  onChange(what: Changeable, listener: () => void): void {
    if (this.redis.isConfigured) this.redis.listen(channelOf(what), listener);
  }
}

function channelOf(what: Changeable): string {
  return `gatewayz:${what}`;
}
