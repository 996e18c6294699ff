import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { Scoped } from '../../auth/access.js';
import { callerOf } from '../../auth/current-caller.js';
import { ENV, type Env } from '../../config/env.js';
import { IdempotencyService } from '../../idempotency/services/idempotency.service.js';
import type { ExpressRequest, ExpressResponse } from '../../platform/http/express-messages.js';
import { FastLane } from '../../platform/http/fast-lane.js';
import { readJsonBody } from '../../platform/http/json-body.js';
import { recordOf } from '../../platform/http/request-record.js';
import { CHAT_COMPLETIONS, ChatService } from '../services/chat.service.js';

@Scoped('inference')
@Controller()
export class ChatController {
  constructor(
    private readonly chat: ChatService,
    private readonly idempotency: IdempotencyService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @Post(CHAT_COMPLETIONS)
  @FastLane()
  async complete(@Req() request: ExpressRequest, @Res() response: ExpressResponse): Promise<void> {
    const caller = callerOf(request);
    const record = recordOf(request);
    const document = await readJsonBody(request, this.env.BODY_LIMIT_BYTES);
    record.parsedAt = performance.now();
    await this.idempotency.serve({ request, response, caller, document, record }, (channel) =>
      this.chat.complete({ caller, request: document, clientHeaders: request.headers, record, channel }),
    );
  }
}
