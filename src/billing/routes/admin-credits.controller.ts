import { Controller, HttpCode, Param, ParseUUIDPipe, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { AdminOnly } from '../../auth/access.js';
import { actorOf } from '../../auth/current-caller.js';
import { InvalidRequestError } from '../../platform/errors/request-errors.js';
import { JsonBody } from '../../platform/http/json-body.decorator.js';
import { STRICT_VALIDATION } from '../../platform/http/validation.js';
import { parseDollars } from '../../platform/money/nano-dollars.js';
import { CreditsService } from '../services/credits.service.js';
import { MoveCreditsBody } from './move-credits.body.js';

@AdminOnly()
@Controller('admin/users/:id/credits')
export class AdminCreditsController {
  constructor(private readonly credits: CreditsService) {}

  /** Gives credits to a user, or takes them; once, however often it is sent. */
  @Post()
  @HttpCode(200)
  async move(
    @Param('id', ParseUUIDPipe) userId: string,
    @Req() request: Request,
    @JsonBody(STRICT_VALIDATION) body: MoveCreditsBody,
  ): Promise<object> {
    const { kind = 'grant', note, reference = request.get('idempotency-key') } = body;
    const amount = parseDollars(body.amount);
    if (amount === 0n) throw new InvalidRequestError('`amount` must not be zero.', 'amount', 'invalid_value');
    if (reference === undefined || reference === '') {
      throw new InvalidRequestError(
        'Send a `reference` or an idempotency-key header.',
        'reference',
        'missing_reference',
      );
    }
    const movement = { userId, amount, kind, note, reference: `${kind}:${reference}`, actor: actorOf(request) };
    const isNew = await this.credits.move(movement);
    return { object: 'credit_movement', user_id: userId, amount: body.amount, kind, reference, repeated: !isNew };
  }
}
