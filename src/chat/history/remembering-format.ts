import type { Bill } from '../../inference/bill.js';
import type { Ending, ReplyFormat, StreamFormat } from '../../inference/reply-format.js';
import { isJsonObject } from '../../platform/json/json-document.js';
import type { HeldPieces } from '../../platform/memory/held-pieces.js';
import type { ChatReply } from '../../providers/dialect.js';
import type { Answer } from './exchange.js';

/** A format that remembers a reply that came to a good end: it holds what is sent anyway. */
export class RememberingFormat implements ReplyFormat {
  answer: Answer | undefined;
  bill: Bill | undefined;

  constructor(
    private readonly format: ReplyFormat,
    /** To be given back by whoever takes the answer. */
    readonly held: HeldPieces,
  ) {}

  whole(reply: ChatReply, ending: Ending): ReturnType<ReplyFormat['whole']> {
    const shown = this.format.whole(reply, ending);
    const { choices } = reply.document.value;
    if (this.held.reserve(shown.length)) {
      this.answer = { choices: Array.isArray(choices) ? choices.filter(isJsonObject) : [] };
    }
    this.bill = ending.bill;
    return shown;
  }

  /** Only one of the streams that are begun is ever sent. */
  stream(): StreamFormat {
    const { format, held } = this;
    const stream = format.stream();
    return {
      rewrite: stream.rewrite,
      sent: (bytes) => {
        held.add(bytes);
      },
      completed: (ending) => {
        if (held.isWhole) this.answer = { stream: held.pieces };
        this.bill = ending.bill;
        return stream.completed(ending);
      },
      failed: (ending, error, requestId) => stream.failed(ending, error, requestId),
    };
  }
}
