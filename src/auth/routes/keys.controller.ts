import { Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { JsonBody } from '../../platform/http/json-body.decorator.js';
import { STRICT_VALIDATION } from '../../platform/http/validation.js';
import { ForAccounts } from '../access.js';
import type { Caller, User } from '../caller.js';
import { CurrentCaller, CurrentKeyManager, CurrentUser } from '../current-caller.js';
import { refuseMoreRights, type KeyManager } from '../key-rights.js';
import { viewKey, viewNewKey } from '../key-view.js';
import { KeyManagementService } from '../services/key-management.service.js';
import { ChangeKeyBody, CreateKeyBody, readChanges, readSettings, RotateKeyBody } from './key-settings.body.js';

const OVERLAP_SECONDS = 86_400;

/** The keys of whoever asks. */
@ForAccounts()
@Controller('v1/keys')
export class KeysController {
  constructor(private readonly keys: KeyManagementService) {}

  @Post()
  async create(
    @CurrentKeyManager() manager: KeyManager,
    @JsonBody(STRICT_VALIDATION) body: CreateKeyBody,
  ): Promise<object> {
    const settings = readSettings(body);
    refuseMoreRights(manager, settings.scopes);
    return viewNewKey(await this.keys.create(manager.actor, settings));
  }

  @Get()
  async list(@CurrentUser() user: User): Promise<object> {
    return { object: 'list', data: (await this.keys.list(user.userId)).map(viewKey) };
  }

  @Get(':id')
  async one(@CurrentUser() user: User, @Param('id') id: string): Promise<object> {
    return viewKey(await this.keys.find(user.userId, id));
  }

  @Patch(':id')
  async change(
    @CurrentKeyManager() manager: KeyManager,
    @Param('id') id: string,
    @JsonBody(STRICT_VALIDATION) body: ChangeKeyBody,
  ): Promise<object> {
    refuseMoreRights(manager, body.scopes);
    return viewKey(await this.keys.change(manager.actor, id, readChanges(body)));
  }

  @Delete(':id')
  async revoke(@CurrentKeyManager() manager: KeyManager, @Param('id') id: string): Promise<object> {
    refuseMoreRights(manager);
    return viewKey(await this.keys.revoke(manager.actor, id));
  }

  @Post(':id/rotate')
  @HttpCode(200)
  async rotate(
    @CurrentKeyManager() manager: KeyManager,
    @Param('id') id: string,
    @JsonBody(STRICT_VALIDATION) body: RotateKeyBody,
  ): Promise<object> {
    refuseMoreRights(manager);
    return viewNewKey(await this.keys.rotate(manager.actor, id, body.overlap_seconds ?? OVERLAP_SECONDS));
  }
}

/** What a key may know of itself. */
@Controller('v1/key')
export class OwnKeyController {
  constructor(private readonly keys: KeyManagementService) {}

  @Get()
  async own(@CurrentCaller() caller: Caller): Promise<object> {
    return viewKey(await this.keys.find(caller.userId, caller.apiKeyId));
  }
}
