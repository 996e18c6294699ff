import { Controller, Headers, HttpCode, Param, ParseUUIDPipe, Post, UsePipes } from '@nestjs/common';
import { PermissionError } from '../../auth/auth-errors.js';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.js';
import { InvalidRequestError } from '../../platform/errors/request-errors.js';
import { JsonBody } from '../../platform/http/json-body.decorator.js';
import { VALIDATION } from '../../platform/http/validation.js';
import { parseDollars } from '../../platform/money/nano-dollars.js';
import { CreditsService } from '../services/credits.service.js';
import { MoveCreditsBody } from './move-credits.body.js';

@UsePipes(VALIDATION)
@Controller('admin/users/:id/credits')
export class AdminCreditsController {
  constructor(private readonly credits: CreditsService) {}

  /** Gives credits to a user, or takes them; once, however often it is sent. */
  @Post()
  @HttpCode(200)
  async move(
    @Param('id', ParseUUIDPipe) userId: string,
    @Headers('idempotency-key') key: string | undefined,
    @JsonBody(VALIDATION) body: MoveCreditsBody,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    if (!caller.isAdmin) throw new PermissionError('admin_required');
    const { kind = 'grant', note, reference = key } = body;
    const amount = parseDollars(body.amount);
    if (amount === 0n) throw new InvalidRequestError('`amount` must not be zero.', 'amount', 'invalid_value');
    if (reference === undefined || reference === '') {
      throw new InvalidRequestError(
        'Send a `reference` or an idempotency-key header.',
        'reference',
        'missing_reference',
      );
    }
    const isNew = await this.credits.move({ userId, amount, kind, note, reference: `${kind}:${reference}` });
    return { object: 'credit_movement', user_id: userId, amount: body.amount, kind, reference, repeated: !isNew };
  }
}
