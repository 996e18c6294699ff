import type { JsonObject } from '../../../platform/json/json-document.js';
import type { ChatChunk } from '../../dialect.js';
import { SseChatStream } from '../sse-chat-stream.js';
import { readFailure } from './openai-failure.js';
import { readUsage, usageObject } from './openai-usage.js';
import { failedChoice, withRegularChoices } from './regular-choices.js';

/** Reads a stream of `chat.completion.chunk`s. */
export class OpenAiStreamDecoder extends SseChatStream {
  protected read(event: JsonObject): readonly ChatChunk[] {
    if (event['error'] !== undefined && event['error'] !== null) {
      this.failure ??= readFailure(event);
      return [];
    }
    const usage = usageObject(event, this.provider);
    if (usage) this.usage = readUsage(usage, this.provider);
    this.failure ??= failedChoice(event);
    return this.failure ? [] : [withRegularChoices(event)];
  }
}
