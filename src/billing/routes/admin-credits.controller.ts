import { Controller, Headers, HttpCode, Param, ParseUUIDPipe, Post, UsePipes } from '@nestjs/common';
import { AdminOnly } from '../../auth/guards/admin.guard.js';
import { InvalidRequestError } from '../../platform/errors/request-errors.js';
import { JsonBody } from '../../platform/http/json-body.decorator.js';
import { VALIDATION } from '../../platform/http/validation.js';
import { parseDollars } from '../../platform/money/nano-dollars.js';
import { CreditsService } from '../services/credits.service.js';
import { MoveCreditsBody } from './move-credits.body.js';

@AdminOnly()
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
  ): Promise<object> {
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
