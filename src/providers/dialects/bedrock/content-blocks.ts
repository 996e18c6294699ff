import { InvalidRequestError } from '../../../platform/errors/request-errors.js';
import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { objects } from '../chat-chunk.js';
import { readDataUrl } from '../translation/data-url.js';
import { mediaBlock } from './media-blocks.js';

/**
 * The content of a message, a text or parts, as Converse's blocks. Blank texts are left out: it refuses them.
 * @throws InvalidRequestError naming `param`
 */
export function contentBlocks(content: unknown, param: string): JsonObject[] {
  if (typeof content === 'string') return textBlocks(content);
  return objects(content).flatMap((part, index) => [
    ...partBlocks(part, `${param}.content.${index}`),
    ...cachePoint(part),
  ]);
}

/**
 * Amazon's mark behind what is to be cached, from Anthropic's mark on it. An hour is not asked for: its price stands in no
 * list, so that nobody could be charged for it.
 */
export function cachePoint({ cache_control: mark }: JsonObject): JsonObject[] {
  return mark === undefined || mark === null ? [] : [{ cachePoint: { type: 'default' } }];
}

function partBlocks(part: JsonObject, param: string): JsonObject[] {
  switch (part['type']) {
    case 'text':
      return textBlocks(part['text']);
    case 'refusal':
      return textBlocks(part['refusal']);
    case 'image_url':
    case 'video_url':
      return [urlBlock(part, param)];
    case 'input_audio':
      return [audioBlock(objectMember(part, 'input_audio') ?? {})];
    case 'file':
      return [fileBlock(objectMember(part, 'file') ?? {}, param)];
    default:
      throw refusal(`Bedrock takes no content of type "${String(part['type'])}".`, param, 'invalid_value');
  }
}

function textBlocks(text: unknown): JsonObject[] {
  return typeof text === 'string' && text.trim() !== '' ? [{ text }] : [];
}

function urlBlock(part: JsonObject, param: string): JsonObject {
  const name = String(part['type']);
  const url = objectMember(part, name)?.['url'] ?? part[name];
  return inlineBlock(url) ?? notInline('An image or a video', param, 'invalid_image_url');
}

function audioBlock({ data: bytes, format }: JsonObject): JsonObject {
  return { audio: { format, source: { bytes } } };
}

function fileBlock({ file_data: url, filename }: JsonObject, param: string): JsonObject {
  return inlineBlock(url, filename) ?? notInline('A file', param, 'invalid_file');
}

function inlineBlock(url: unknown, filename?: unknown): JsonObject | undefined {
  const inline = readDataUrl(url);
  return inline && mediaBlock(inline, filename);
}

/** Addresses are refused, those of S3 as well: Amazon would read them with our own rights. */
function notInline(what: string, param: string, code: string): never {
  throw refusal(`${what} must be a base64 data URL of a type that Bedrock takes.`, param, code);
}

function refusal(message: string, param: string, code: string): InvalidRequestError {
  return new InvalidRequestError(message, param, code);
}
