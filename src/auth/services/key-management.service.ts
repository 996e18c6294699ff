import { Injectable } from '@nestjs/common';
import { NotFoundError } from '../../platform/errors/request-errors.js';
import { createApiKey, hashApiKey, lastFour } from '../api-key-format.js';
import type { Actor, ApiKeyChanges, ApiKeySettings, OwnedApiKey } from '../api-key-settings.js';
import { ApiKeyRepository, type HashedKey } from '../persistence/api-key.repository.js';
import { ApiKeyService } from './api-key.service.js';
import { PepperService } from './pepper.service.js';

const NO_SUCH_KEY = 'You have no such API key, or it was revoked.';

/** A key together with its secret, which is told this once. */
export interface NewApiKey {
  readonly key: string;
  readonly owned: OwnedApiKey;
}

/** Makes, changes and ends the keys of a user. What is ended or changed is so on every gateway within a second. */
@Injectable()
export class KeyManagementService {
  constructor(
    private readonly repository: ApiKeyRepository,
    private readonly keys: ApiKeyService,
    private readonly pepper: PepperService,
  ) {}

  async create(actor: Actor, settings: ApiKeySettings): Promise<NewApiKey> {
    const { key, hashed } = this.newSecret();
    const owned = await this.repository.create(actor, settings, hashed);
    if (!owned) throw new NotFoundError(NO_SUCH_KEY);
    return { key, owned };
  }

  list(userId: string): Promise<OwnedApiKey[]> {
    return this.repository.list(userId);
  }

  /** @throws NotFoundError */
  async find(userId: string, id: string): Promise<OwnedApiKey> {
    const owned = await this.repository.find(userId, id);
    if (!owned) throw new NotFoundError(NO_SUCH_KEY);
    return owned;
  }

  /** @throws NotFoundError */
  async change(actor: Actor, id: string, changes: ApiKeyChanges): Promise<OwnedApiKey> {
    const changed = await this.repository.change(actor, id, changes);
    if (!changed) throw new NotFoundError(NO_SUCH_KEY);
    await this.tell(id);
    return changed;
  }

  /** The key stays, as a record; it works no more. @throws NotFoundError */
  revoke(actor: Actor, id: string): Promise<OwnedApiKey> {
    return this.change(actor, id, { active: false, revoked_at: new Date().toISOString() });
  }

  /** Another secret for the key; the one before works for so long. @throws NotFoundError */
  async rotate(actor: Actor, id: string, overlapSeconds: number): Promise<NewApiKey> {
    const { key, hashed } = this.newSecret();
    const owned = await this.repository.rotate(actor, id, { ...hashed, overlapSeconds });
    if (!owned) throw new NotFoundError(NO_SUCH_KEY);
    await this.tell(id);
    return { key, owned };
  }

  /** Something that all keys of a user depend on is not what it was. */
  async tellOf(userId: string): Promise<void> {
    for (const { id } of await this.repository.list(userId)) await this.tell(id);
  }

  private async tell(id: string): Promise<void> {
    await this.keys.change(id, await this.repository.hashesOf(id));
  }

  private newSecret(): { key: string; hashed: HashedKey } {
    const key = createApiKey('live');
    return { key, hashed: { hash: hashApiKey(key, this.pepper.value), last4: lastFour(key) } };
  }
}
