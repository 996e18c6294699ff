import { Controller, Get, Param } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.js';
import { TransactionsService } from '../../billing/services/transactions.service.js';
import { NotFoundError } from '../../platform/errors/request-errors.js';
import { viewGeneration } from '../generation-view.js';

/** What happened to single calls. */
@Controller('v1/generations')
export class GenerationsController {
  constructor(private readonly transactions: TransactionsService) {}

  /** The id is the `x-request-id` of the call's reply. */
  @Get(':id')
  async one(@Param('id') id: string, @CurrentCaller() { userId }: Caller): Promise<object> {
    const line = await this.transactions.find(id, userId);
    if (!line) throw new NotFoundError('There is no call with this id among yours.');
    return viewGeneration(line);
  }
}
