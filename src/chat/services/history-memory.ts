import { Inject, Injectable } from '@nestjs/common';
import { ENV, type Env } from '../../config/env.js';
import { HeldBytes } from '../../platform/memory/held-bytes.js';

/** A chat beyond this, such as one with pictures in it, is not kept. */
const LARGEST_EXCHANGE_BYTES = 1024 * 1024;

/** What running chats and those that wait for the database hold. */
@Injectable()
export class HistoryMemory extends HeldBytes {
  constructor(@Inject(ENV) env: Env) {
    super(LARGEST_EXCHANGE_BYTES, env.CHAT_HISTORY_BUFFER_BYTES);
  }
}
