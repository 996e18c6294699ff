import { Controller, Delete, Get, Query } from '@nestjs/common';
import { AdminOnly } from '../../auth/access.js';
import type { Actor } from '../../auth/api-key-settings.js';
import { CurrentActor } from '../../auth/current-caller.js';
import { AuditService } from '../../auth/services/audit.service.js';
import { CachesService, type CacheStats } from '../../platform/cache/caches.service.js';
import { InvalidRequestError } from '../../platform/errors/request-errors.js';

/** What is kept to be found faster. Replies for idempotency keys, sessions and counts of limits are no caches. */
@AdminOnly()
@Controller('api/cache')
export class CachesController {
  constructor(
    private readonly caches: CachesService,
    private readonly audit: AuditService,
  ) {}

  /** Of this gateway, and of what it shares with others. */
  @Get('stats')
  async stats(): Promise<object> {
    return { timestamp: new Date().toISOString(), caches: (await this.caches.stats()).map(viewCache) };
  }

  /** Empties one, or all, on every gateway; `gateways` is null where the others could not be told. */
  @Delete('clear')
  async clear(@CurrentActor() actor: Actor, @Query('scope') scope?: string): Promise<object> {
    const names = this.caches.names();
    if (scope !== undefined && !names.includes(scope)) {
      throw new InvalidRequestError(`scope must be one of ${names.join(', ')}.`, 'scope', 'invalid_value');
    }
    const cleared = scope === undefined ? names : [scope];
    const gateways = (await this.caches.clear(cleared)) ?? null;
    await this.audit.note(actor, { action: 'cache.clear', resource: `cache:${scope ?? 'all'}`, detail: { gateways } });
    return { cleared, gateways };
  }
}

function viewCache({ hits, misses, bytes, capacity, ...rest }: CacheStats): object {
  const looked = hits + misses;
  return {
    ...rest,
    capacity: capacity ?? null,
    bytes: bytes ?? null,
    hits,
    misses,
    hit_rate: looked === 0 ? null : hits / looked,
  };
}
