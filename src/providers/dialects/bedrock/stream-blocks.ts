import { isJsonObject, objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { annotations } from './citations.js';
import { thoughtDetails, type ThoughtFormat } from './reasoning-details.js';

/** What a block that speaks needs to know of the stream around it. */
export interface SpokenContext {
  /** How many characters of content there are so far. */
  readonly contentLength: () => number;
  /** The number of this thought, should the block be one. */
  readonly thoughtIndex: number;
  readonly format: ThoughtFormat;
}

/** Text, with the citations that it came with, or a thought. */
export class SpokenBlock {
  private readonly citations: JsonObject[] = [];
  private readonly sealed: Buffer[] = [];
  private readonly start: number;
  isThought = false;

  constructor(private readonly context: SpokenContext) {
    this.start = context.contentLength();
  }

  read(delta: JsonObject): JsonObject[] {
    const { text, citation } = delta;
    if (isJsonObject(citation)) this.citations.push(citation);
    const reasoning = objectMember(delta, 'reasoningContent');
    if (reasoning) return this.think(reasoning);
    return typeof text === 'string' && text !== '' ? [{ content: text }] : [];
  }

  end(): JsonObject[] {
    const { contentLength } = this.context;
    const cited = annotations(this.citations, { start: this.start, end: contentLength() });
    return [...(cited.length > 0 ? [{ annotations: cited }] : []), ...this.unsealed()];
  }

  private think(reasoning: JsonObject): JsonObject[] {
    this.isThought = true;
    const { text, redactedContent: piece } = reasoning;
    if (typeof piece === 'string') {
      this.sealed.push(Buffer.from(piece, 'base64'));
      return [];
    }
    const details = this.details(reasoning);
    if (details.length === 0) return [];
    return [{ ...(typeof text === 'string' && { reasoning_content: text }), reasoning_details: details }];
  }

  /** What only the model can read comes in pieces that mean nothing by themselves. */
  private unsealed(): JsonObject[] {
    if (this.sealed.length === 0) return [];
    return [{ reasoning_details: this.details({ redactedContent: Buffer.concat(this.sealed).toString('base64') }) }];
  }

  private details(reasoning: JsonObject): JsonObject[] {
    return thoughtDetails(reasoning, this.context.format, this.context.thoughtIndex);
  }
}
