import type { Ending, ReplyFormat } from '../inference/reply-format.js';
import { objectMember } from '../platform/json/json-document.js';
import type { ChatReply } from '../providers/dialect.js';
import { ChatStreamFormat } from './chat-stream-format.js';
import { showUsage } from './usage-view.js';

/** OpenAI's Chat Completions, as the gateway's clients get them. */
export class ChatFormat implements ReplyFormat {
  constructor(private readonly isUsageWanted: boolean) {}

  /** The provider's own bytes, with what the call cost added to its usage. */
  whole({ document }: ChatReply, { bill, trace }: Ending): string {
    const usage = showUsage(objectMember(document.value, 'usage'), bill);
    return document.latin1With(trace ? { usage, gatewayz: trace } : { usage });
  }

  stream(): ChatStreamFormat {
    return new ChatStreamFormat(this.isUsageWanted);
  }
}
