import { isJsonObject, type JsonObject } from '../../../platform/json/json-document.js';
import { annotations } from './citations.js';
import { encryptedDetail, thoughtDetail } from './reasoning-details.js';

/** Reads one block of a stream; each method gives back OpenAI's `delta`s, none for what clients need not know. */
export interface StreamBlock {
  begin(block: JsonObject): JsonObject[];
  read(delta: JsonObject): JsonObject[];
  end(): JsonObject[];
}

/** What runs at the provider (searches and their results, code), and blocks that nobody knows yet. */
export const IGNORED_BLOCK: StreamBlock = { begin: () => [], read: () => [], end: () => [] };

/** Text, or the summary of what was said before. Its citations come before the text that they are for. */
export class TextBlock implements StreamBlock {
  private readonly citations: JsonObject[] = [];
  private readonly start: number;

  /** @param contentLength how many characters of content there are so far */
  constructor(private readonly contentLength: () => number) {
    this.start = contentLength();
  }

  begin({ text, content }: JsonObject): JsonObject[] {
    return pieces('content', text ?? content);
  }

  read({ text, content, citation }: JsonObject): JsonObject[] {
    if (isJsonObject(citation)) this.citations.push(citation);
    return pieces('content', text ?? content);
  }

  end(): JsonObject[] {
    if (this.citations.length === 0) return [];
    const cited = annotations(this.citations, { start: this.start, end: this.contentLength() });
    return cited.length > 0 ? [{ annotations: cited }] : [];
  }
}

export class ThinkingBlock implements StreamBlock {
  constructor(private readonly index: number) {}

  begin(block: JsonObject): JsonObject[] {
    if (block['type'] === 'thinking') return this.read(block);
    return [{ reasoning_details: [encryptedDetail(block['data'], this.index)] }];
  }

  read({ thinking: text, signature }: JsonObject): JsonObject[] {
    return [
      ...pieces('reasoning_content', text).map((delta) => ({
        ...delta,
        reasoning_details: [thoughtDetail({ text }, this.index)],
      })),
      ...pieces('signature', signature).map((signed) => ({ reasoning_details: [thoughtDetail(signed, this.index)] })),
    ];
  }

  end(): JsonObject[] {
    return [];
  }
}

/** The JSON that a tool is called with, which comes in pieces; or at once, when code calls the tool. */
abstract class InputBlock implements StreamBlock {
  private hasInput = false;

  begin({ input }: JsonObject): JsonObject[] {
    return isJsonObject(input) && Object.keys(input).length > 0 ? this.write(JSON.stringify(input)) : [];
  }

  read({ partial_json: piece }: JsonObject): JsonObject[] {
    return typeof piece === 'string' && piece !== '' ? this.write(piece) : [];
  }

  /** A tool without parameters is called with nothing; clients parse what they get. */
  end(): JsonObject[] {
    return this.hasInput ? [] : this.write('{}');
  }

  protected abstract delta(json: string): JsonObject;

  private write(json: string): JsonObject[] {
    this.hasInput = true;
    return [this.delta(json)];
  }
}

/** A call of one of the caller's tools. */
export class ToolCallBlock extends InputBlock {
  constructor(private readonly index: number) {
    super();
  }

  override begin(block: JsonObject): JsonObject[] {
    const { id, name } = block;
    const opening = { index: this.index, id, type: 'function', function: { name, arguments: '' } };
    return [{ tool_calls: [opening] }, ...super.begin(block)];
  }

  protected delta(json: string): JsonObject {
    return { tool_calls: [{ index: this.index, function: { arguments: json } }] };
  }
}

/** The answer, where a tool was the way to have it in JSON. */
export class AnswerBlock extends InputBlock {
  protected delta(json: string): JsonObject {
    return { content: json };
  }
}

function pieces(name: string, value: unknown): JsonObject[] {
  return typeof value === 'string' && value !== '' ? [{ [name]: value }] : [];
}
