import { randomUUID } from 'node:crypto';
import { RedisScript } from '../redis/redis-script.js';
import type { RedisService } from '../redis/redis.service.js';
import type { Lease, LeaseStore } from './lease-store.js';

const PREFIX = 'gatewayz:lease:';
/** Longer than any gateway can still believe in a lease that ended. */
const TERMS_LAST_MS = 30 * 86_400_000;

/** KEYS: the lease, the number of its last term. ARGV: the holder, the lifetimes of both in ms. The new term, or 0. */
const ACQUIRE = new RedisScript(`
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local term = redis.call('INCR', KEYS[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('SET', KEYS[1], term .. ARGV[1], 'PX', ARGV[2])
return term
`);

/** KEYS: as above. ARGV: the term and its holder, and the lifetimes. Whether it had not ended. */
const RENEW = new RedisScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
`);

/** KEYS: the lease. ARGV: the term and its holder. */
const RELEASE = new RedisScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
`);

/** One holder among all gateways that share a Redis. */
export class SharedLeases implements LeaseStore {
  /** A Redis that lost its data counts terms from 1 again, so their numbers alone say too little. */
  private readonly holder = `:${randomUUID()}`;

  constructor(private readonly redis: RedisService) {}

  async acquire(name: string, lifetimeMs: number): Promise<Lease | undefined> {
    const values = [this.holder, lifetimeMs, TERMS_LAST_MS];
    const term = Number(await this.redis.ask((redis) => ACQUIRE.run(redis, keysOf(name), values)));
    return term > 0 ? { name, term } : undefined;
  }

  async renew({ name, term }: Lease, lifetimeMs: number): Promise<boolean> {
    const values = [`${term}${this.holder}`, lifetimeMs, TERMS_LAST_MS];
    return (await this.redis.ask((redis) => RENEW.run(redis, keysOf(name), values))) === 1;
  }

  async release({ name, term }: Lease): Promise<void> {
    await this.redis.ask((redis) => RELEASE.run(redis, keysOf(name).slice(0, 1), [`${term}${this.holder}`]));
  }
}

function keysOf(name: string): string[] {
  return [`${PREFIX}{${name}}`, `${PREFIX}{${name}}:term`];
}
