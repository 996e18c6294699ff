import { Controller, Get, Query, UsePipes } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.js';
import { InvalidRequestError } from '../../platform/errors/request-errors.js';
import { VALIDATION } from '../../platform/http/validation.js';
import { viewBalance, viewStatement, type StatementPage } from '../ledger/credits-view.js';
import type { LedgerPosition } from '../ledger/movement.js';
import { CreditsService } from '../services/credits.service.js';
import { StatementQuery } from './statement.query.js';

const PAGE = 50;

/** What a caller has, and where it came from and went. */
@UsePipes(VALIDATION)
@Controller('v1/credits')
export class CreditsController {
  constructor(private readonly credits: CreditsService) {}

  @Get()
  async balance(@CurrentCaller() caller: Caller): Promise<object> {
    return viewBalance(await this.credits.balance(caller));
  }

  @Get('ledger')
  async statement(@CurrentCaller() caller: Caller, @Query() query: StatementQuery): Promise<StatementPage> {
    const { limit = PAGE, after } = query;
    const before = after === undefined ? undefined : readCursor(after);
    // One more than asked for tells whether there are further pages.
    return viewStatement(await this.credits.statement(caller.userId, limit + 1, before), limit);
  }
}

function readCursor(text: string): LedgerPosition {
  const [time = '', reference = ''] = Buffer.from(text, 'base64url').toString('utf8').split('\n');
  if (Number.isNaN(Date.parse(time)) || reference === '') {
    throw new InvalidRequestError('`after` must be the `next` of another page.', 'after', 'invalid_value');
  }
  return { createdAt: time, reference };
}
