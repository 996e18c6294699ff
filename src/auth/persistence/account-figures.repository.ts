import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { AccountFigureRow } from '../../platform/database/database-rows.js';

@Injectable()
export class AccountFiguresRepository {
  constructor(private readonly database: DatabaseService) {}

  /** How many keys, users and credits there are. @throws DatabaseUnavailableError */
  read(): Promise<AccountFigureRow[]> {
    return this.database.query({ table: 'users', operation: 'account_figures' }, (client) =>
      client.rpc('account_figures'),
    );
  }
}
