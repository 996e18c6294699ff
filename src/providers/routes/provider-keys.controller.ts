import { Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ForAccounts } from '../../auth/access.js';
import type { Actor } from '../../auth/api-key-settings.js';
import type { User } from '../../auth/caller.js';
import { CurrentActor, CurrentKeyManager, CurrentUser } from '../../auth/current-caller.js';
import { refuseMoreRights, type KeyManager } from '../../auth/key-rights.js';
import { JsonBody } from '../../platform/http/json-body.decorator.js';
import { STRICT_VALIDATION } from '../../platform/http/validation.js';
import type { KeptKey } from '../own-keys/kept-key.js';
import { OwnKeysService } from '../services/own-keys.service.js';
import { ProviderKeyBody } from './provider-key.body.js';

/** Keys that callers have of their own at providers. */
@ForAccounts()
@Controller('v1/provider-keys')
export class ProviderKeysController {
  constructor(private readonly keys: OwnKeysService) {}

  @Get()
  async list(@CurrentUser() { userId }: User): Promise<object> {
    return { object: 'list', data: (await this.keys.list(userId)).map(viewKey) };
  }

  @Put(':provider')
  async keep(
    @CurrentKeyManager() manager: KeyManager,
    @Param('provider') provider: string,
    @JsonBody(STRICT_VALIDATION) { key }: ProviderKeyBody,
  ): Promise<object> {
    refuseMoreRights(manager);
    return viewKey(await this.keys.keep(manager.actor, provider, key));
  }

  @Delete(':provider')
  @HttpCode(204)
  async remove(@CurrentActor() actor: Actor, @Param('provider') provider: string): Promise<void> {
    await this.keys.remove(actor, provider);
  }
}

/** Never the key itself. */
function viewKey({ provider_id: provider, last4, created_at: createdAt }: KeptKey): object {
  return { object: 'provider_key', provider, last4, created_at: new Date(createdAt).toISOString() };
}
