import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { createApiKey, hashApiKey, lastFour } from '../api-key-format.js';
import { ApiKeyRepository } from '../persistence/api-key.repository.js';
import { PepperService } from './pepper.service.js';

const EMAIL = 'admin@localhost';

/** On the first start of all: an administrator with an API key, which is shown once and kept nowhere. */
@Injectable()
export class FirstAdminService implements OnApplicationBootstrap {
  private readonly log = new Logger(FirstAdminService.name);
  private creation: Promise<string | undefined> = Promise.resolve(undefined);

  constructor(
    private readonly database: DatabaseService,
    private readonly repository: ApiKeyRepository,
    private readonly pepper: PepperService,
  ) {}

  /** The new key, once the database is up; undefined on every later start. */
  get key(): Promise<string | undefined> {
    return this.creation;
  }

  onApplicationBootstrap(): void {
    this.creation = this.create().catch((error: unknown) => {
      this.log.error({ err: error }, 'the first administrator could not be created');
      return undefined;
    });
  }

  private async create(): Promise<string | undefined> {
    await this.database.ready();
    const key = createApiKey('live');
    const hash = hashApiKey(key, this.pepper.value);
    const isFirst = await this.repository.createFirstAdmin(EMAIL, 'first key', { hash, last4: lastFour(key) });
    return isFirst ? key : undefined;
  }
}
