import { InvalidRequestError } from '../../../platform/errors/request-errors.js';
import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { objects } from '../chat-chunk.js';
import { readDataUrl } from '../translation/data-url.js';

/** What a file is, where only its address is known. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
  ['heic', 'image/heic'],
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['mp3', 'audio/mp3'],
  ['wav', 'audio/wav'],
  ['mp4', 'video/mp4'],
]);

/**
 * The content of a message, a text or parts, as Google's parts. Empty texts are left out: it refuses them.
 * @throws InvalidRequestError naming `param`
 */
export function contentParts(content: unknown, param: string): JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ text: content }];
  return objects(content).flatMap((part, index) => partOf(part, `${param}.content.${index}`));
}

function partOf(part: JsonObject, param: string): JsonObject[] {
  switch (part['type']) {
    case 'text':
      return part['text'] === '' ? [] : [{ text: part['text'] }];
    case 'refusal':
      return [{ text: part['refusal'] }];
    case 'image_url':
      return [located(urlOf(part, 'image_url'), 'image/*', param)];
    case 'video_url':
      return [located(urlOf(part, 'video_url'), 'video/*', param)];
    case 'input_audio':
      return [audio(objectMember(part, 'input_audio') ?? {})];
    case 'file':
      return [file(objectMember(part, 'file') ?? {}, param)];
    default:
      throw new InvalidRequestError(
        `Gemini takes no content of type "${String(part['type'])}".`,
        param,
        'invalid_value',
      );
  }
}

function urlOf(part: JsonObject, name: string): unknown {
  const given = part[name];
  return typeof given === 'string' ? given : objectMember(part, name)?.['url'];
}

function audio({ data, format }: JsonObject): JsonObject {
  return { inlineData: { mimeType: `audio/${String(format)}`, data } };
}

function file({ file_data: data, file_id: id, filename }: JsonObject, param: string): JsonObject {
  const name = typeof filename === 'string' ? filename : '';
  return located(data ?? id, TYPES.get(extensionOf(name)) ?? 'application/pdf', param);
}

/** Data travels inside the request; everything with an address is fetched by Google. */
function located(url: unknown, usualType: string, param: string): JsonObject {
  const inline = readDataUrl(url);
  if (inline) return { inlineData: { mimeType: inline.mediaType, data: inline.data } };
  if (typeof url === 'string' && /^(?:https?|gs):\/\//i.test(url)) {
    return { fileData: { mimeType: TYPES.get(extensionOf(url)) ?? usualType, fileUri: url } };
  }
  throw new InvalidRequestError('This must be an http, gs or base64 data URL.', param, 'invalid_url');
}

function extensionOf(name: string): string {
  return /\.(\w+)(?:[?#].*)?$/.exec(name)?.[1]?.toLowerCase() ?? '';
}
