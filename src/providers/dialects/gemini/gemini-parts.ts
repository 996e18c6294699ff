import { isJsonObject, objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { PartialArguments } from './partial-arguments.js';
import { extraContent, signatureDetail, thoughtDetail } from './thought-signatures.js';

/** A call that Google sends piece by piece. */
interface OpenCall {
  readonly index: number;
  readonly pieces: PartialArguments;
}

/**
 * Reads the parts of one candidate, in order, as OpenAI's `delta`s. What runs at Google (code and its results, searches)
 * is not for the client.
 */
export class PartReader {
  private calls = 0;
  private open: OpenCall | undefined;

  constructor(
    /** Makes the id of a call that has none; stable for the same call. */
    private readonly idOf: (index: number) => string,
    private readonly hidesReasoning: boolean,
  ) {}

  get hasCalls(): boolean {
    return this.calls > 0;
  }

  read(part: JsonObject): JsonObject[] {
    const call = objectMember(part, 'functionCall');
    if (call) return this.readCall(call, part['thoughtSignature']);
    const image = objectMember(part, 'inlineData');
    if (image) return part['thought'] === true ? [] : [fileDelta(image)];
    return typeof part['text'] === 'string' ? this.readText(part['text'], part) : [];
  }

  private readText(text: string, { thought, thoughtSignature: signature }: JsonObject): JsonObject[] {
    const signed = signature === undefined ? [] : [{ reasoning_details: [signatureDetail(signature)] }];
    if (text === '') return signed;
    if (thought !== true) return [{ content: text }, ...signed];
    if (this.hidesReasoning) return signed;
    return [{ reasoning_content: text, reasoning_details: [thoughtDetail(text)] }, ...signed];
  }

  private readCall(call: JsonObject, signature: unknown): JsonObject[] {
    const { name, args, partialArgs, willContinue } = call;
    if (typeof name !== 'string') return this.goOn(call);
    const { index, deltas } = this.begin(call, signature);
    if (partialArgs === undefined && willContinue !== true) {
      return [...deltas, fragment(index, JSON.stringify(isJsonObject(args) ? args : {}))];
    }
    this.open = { index, pieces: new PartialArguments() };
    return [...deltas, ...this.goOn(call)];
  }

  private begin({ id, name }: JsonObject, signature: unknown): { index: number; deltas: JsonObject[] } {
    const index = this.calls++;
    const callId = typeof id === 'string' && id !== '' ? id : this.idOf(index);
    const opening = { index, id: callId, type: 'function', function: { name, arguments: '' } };
    if (signature === undefined) return { index, deltas: [{ tool_calls: [opening] }] };
    const deltas = [
      { tool_calls: [{ ...opening, ...extraContent(signature) }] },
      { reasoning_details: [signatureDetail(signature, callId)] },
    ];
    return { index, deltas };
  }

  /** Pieces of arguments may come in any order, so the client gets them once they are all there. */
  private goOn({ partialArgs, willContinue }: JsonObject): JsonObject[] {
    const { open } = this;
    if (!open) return [];
    open.pieces.add(partialArgs);
    if (willContinue === true || partialArgs !== undefined) return [];
    return this.closed();
  }

  /** The end of a call that was not said to have ended. */
  closed(): JsonObject[] {
    const { open } = this;
    this.open = undefined;
    return open ? [fragment(open.index, open.pieces.toString())] : [];
  }
}

function fragment(index: number, text: string): JsonObject {
  return { tool_calls: [{ index, function: { arguments: text } }] };
}

/** An image that the model drew, as OpenRouter's clients know it; sound as OpenAI's do. */
function fileDelta({ mimeType, data }: JsonObject): JsonObject {
  const type = String(mimeType);
  if (type.startsWith('audio/')) return { audio: { data } };
  return { images: [{ type: 'image_url', image_url: { url: `data:${type};base64,${String(data)}` } }] };
}
