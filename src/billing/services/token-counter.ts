import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isJsonObject, type JsonObject } from '../../platform/json/json-document.js';

/** Characters that are counted in one go; between two, other requests have their turn. */
const SLICE = 16_384;
/** What OpenAI's chat format adds around each message. */
const TOKENS_PER_MESSAGE = 3;
/** An image at high detail in OpenAI's terms; nobody can know it better without decoding the picture. */
const TOKENS_PER_IMAGE = 765;

type CountTokens = (text: string) => number;

/** Counts tokens when a provider does not say. The encoding is OpenAI's o200k; others come within a few percent. */
@Injectable()
export class TokenCounter {
  // Its tables take a while to load and 30 MB to hold, so only a gateway that has to count pays for them.
  private encoding: Promise<CountTokens> | undefined;

  async countText(text: string): Promise<number> {
    if (text === '') return 0;
    this.encoding ??= import('gpt-tokenizer/encoding/o200k_base').then(({ countTokens }) => {
      // Text that looks like a control token is only text here.
      return (slice: string) => countTokens(slice, { allowedSpecial: 'all' });
    });
    const count = await this.encoding;
    let tokens = 0;
    for (let at = 0; at < text.length; at += SLICE) {
      if (at > 0) await nextTurn();
      tokens += count(text.slice(at, at + SLICE));
    }
    return tokens;
  }

  /** The tokens of a chat request's messages and tools. */
  async countPrompt(request: JsonObject): Promise<number> {
    const messages = objectsIn(request['messages']);
    const parts = messages.flatMap((message) => objectsIn(message['content']));
    const images = parts.filter((part) => part['type'] === 'image_url').length;
    const texts = [
      ...messages.map((message) => (typeof message['content'] === 'string' ? message['content'] : '')),
      ...parts.map((part) => (typeof part['text'] === 'string' ? part['text'] : '')),
      ...messages.flatMap((message) => (message['tool_calls'] ? [JSON.stringify(message['tool_calls'])] : [])),
      request['tools'] ? JSON.stringify(request['tools']) : '',
    ];
    const text = await this.countText(texts.join('\n'));
    return text + messages.length * TOKENS_PER_MESSAGE + images * TOKENS_PER_IMAGE;
  }
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
