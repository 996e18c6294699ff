import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { ENV, type Env } from '../../config/env.js';
import { growingCache } from '../../platform/cache/growing-cache.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { MinuteWindow } from '../../platform/limits/minute-window.js';
import { RedisScript } from '../../platform/redis/redis-script.js';
import { RedisUnavailableError } from '../../platform/redis/redis-errors.js';
import { RedisService } from '../../platform/redis/redis.service.js';

const MINUTE_MS = 60_000;
const MOST_WINDOWS = 50_000;
/** Counts an attempt, and answers how many there were in the minute that began with the first. */
const COUNT = new RedisScript(`
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { count, redis.call('PTTL', KEYS[1]) }
`);

export class TooManyAttemptsError extends GatewayError {
  override readonly name = 'TooManyAttemptsError';
  readonly kind = 'rate_limited';
  readonly code = 'requests';
  override readonly headers: Readonly<Record<string, string>>;

  constructor(retryAfterMs: number) {
    super('Too many attempts. Wait a moment.');
    this.headers = { 'retry-after': String(Math.max(Math.ceil(retryAfterMs / 1000), 1)) };
  }
}

/** Slows down who guesses passwords: attempts a minute of one address, or at one e-mail, on all gateways together. */
@Injectable()
export class AttemptLimiterService {
  private readonly windows = growingCache<MinuteWindow>(MOST_WINDOWS);

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly redis: RedisService,
  ) {}

  /** @throws TooManyAttemptsError */
  async count(action: string, who: string): Promise<void> {
    const name = `rate_limit:{${createHash('sha256').update(who.toLowerCase()).digest('base64url')}}:${action}`;
    try {
      if (this.redis.isConfigured) await this.countInRedis(name);
      else this.countHere(name);
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      this.countHere(name);
    }
  }

  private async countInRedis(name: string): Promise<void> {
    const answer = await this.redis.ask((redis) => COUNT.run(redis, [name], [MINUTE_MS]));
    const [count = 0, leftMs = 0] = answer as number[];
    if (count > this.env.LOGINS_PER_MINUTE) throw new TooManyAttemptsError(leftMs);
  }

  private countHere(name: string): void {
    const { LOGINS_PER_MINUTE: limit } = this.env;
    const now = Date.now();
    const window = this.windows.get(name) ?? new MinuteWindow();
    this.windows.set(name, window);
    if (window.remaining(limit, now) < 1)
      throw new TooManyAttemptsError(window.freeAfterMs(1, limit, now) ?? MINUTE_MS);
    window.add(1, now);
  }
}
