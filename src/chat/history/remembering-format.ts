import type { Bill } from '../../inference/bill.js';
import type { ReplyFormat, StreamFormat } from '../../inference/reply-format.js';
import { isJsonObject } from '../../platform/json/json-document.js';
import type { HeldBytes } from '../../platform/memory/held-bytes.js';
import type { ChatReply } from '../../providers/dialect.js';
import type { Answer } from './exchange.js';

/** A format that remembers a reply that came to a good end. It copies nothing: it holds what is sent anyway. */
export class RememberingFormat implements ReplyFormat {
  answer: Answer | undefined;
  bill: Bill | undefined;
  /** Of the memory, to be given back by whoever takes the answer. */
  heldBytes = 0;
  /** It was more than may be held. */
  isTooLarge = false;

  constructor(
    private readonly format: ReplyFormat,
    private readonly memory: HeldBytes,
  ) {}

  whole(reply: ChatReply, bill: Bill): ReturnType<ReplyFormat['whole']> {
    const shown = this.format.whole(reply, bill);
    const { choices } = reply.document.value;
    if (this.hold(shown.length)) this.answer = { choices: Array.isArray(choices) ? choices.filter(isJsonObject) : [] };
    this.bill = bill;
    return shown;
  }

  stream(): StreamFormat {
    const format = this.format.stream();
    let pieces: Buffer[] = [];
    return {
      rewrite: format.rewrite,
      sent: (bytes) => {
        if (this.hold(bytes.length)) pieces.push(bytes);
        else pieces = [];
      },
      completed: (bill) => {
        if (!this.isTooLarge) this.answer = { stream: pieces };
        this.bill = bill;
        return format.completed(bill);
      },
      failed: (bill, error, requestId) => format.failed(bill, error, requestId),
    };
  }

  /** Counts towards what may be held. */
  hold(bytes: number): boolean {
    if (!this.isTooLarge && this.memory.take(this.heldBytes, bytes)) {
      this.heldBytes += bytes;
      return true;
    }
    this.isTooLarge = true;
    return false;
  }

  forget(): void {
    this.memory.give(this.heldBytes);
    this.heldBytes = 0;
  }
}
