import { InvalidRequestError } from '../../../platform/errors/request-errors.js';
import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { objects } from '../chat-chunk.js';
import { readDataUrl } from '../translation/data-url.js';

/** Blocks of Anthropic's own that a client may put among OpenAI's parts. */
const OWN_BLOCKS: readonly unknown[] = ['image', 'document', 'search_result', 'container_upload', 'tool_reference'];

/**
 * The content of a message, a text or parts, as Anthropic's blocks. Empty texts are left out: it refuses them.
 * @throws InvalidRequestError naming `param`
 */
export function contentBlocks(content: unknown, param: string): JsonObject[] {
  if (typeof content === 'string') return textBlocks({ text: content });
  return objects(content).flatMap((part, index) => partBlocks(part, `${param}.content.${index}`));
}

function partBlocks(part: JsonObject, param: string): JsonObject[] {
  switch (part['type']) {
    case 'text':
      return textBlocks(part);
    case 'refusal':
      return textBlocks({ text: part['refusal'] });
    case 'image_url':
      return [{ type: 'image', source: imageSource(part, param), ...cacheControl(part) }];
    case 'file':
      return [{ ...fileBlock(objectMember(part, 'file') ?? {}, param), ...cacheControl(part) }];
    default:
      if (OWN_BLOCKS.includes(part['type'])) return [part];
      throw new InvalidRequestError(
        `Anthropic takes no content of type "${String(part['type'])}".`,
        param,
        'invalid_value',
      );
  }
}

/** Anthropic's mark behind which a prompt is cached; OpenAI's parts carry it as it is. */
export function cacheControl({ cache_control: mark }: JsonObject): JsonObject {
  return mark === undefined || mark === null ? {} : { cache_control: mark };
}

function textBlocks(part: JsonObject): JsonObject[] {
  const { text, citations } = part;
  if (typeof text !== 'string' || text === '') return [];
  return [{ type: 'text', text, ...(citations !== undefined && { citations }), ...cacheControl(part) }];
}

function imageSource(part: JsonObject, param: string): JsonObject {
  const given = part['image_url'];
  const url = typeof given === 'string' ? given : objectMember(part, 'image_url')?.['url'];
  const source = urlSource(url) ?? dataSource(url);
  if (source) return source;
  throw new InvalidRequestError('An image must be an http or a base64 data URL.', param, 'invalid_image_url');
}

function fileBlock(file: JsonObject, param: string): JsonObject {
  const { file_data: given, file_id: id, filename } = file;
  if (typeof id === 'string') return { type: 'document', source: { type: 'file', file_id: id } };
  const source = urlSource(given) ?? textSource(given) ?? dataSource(given);
  if (!source) throw new InvalidRequestError('A file must be an http or a base64 data URL.', param, 'invalid_file');
  if (String(source['media_type']).startsWith('image/')) return { type: 'image', source };
  return { type: 'document', source, ...(typeof filename === 'string' && { title: filename }) };
}

function urlSource(url: unknown): JsonObject | undefined {
  return typeof url === 'string' && /^https?:\/\//i.test(url) ? { type: 'url', url } : undefined;
}

function dataSource(url: unknown): JsonObject | undefined {
  const given = readDataUrl(url);
  return given && { type: 'base64', media_type: given.mediaType, data: given.data };
}

/** Anthropic takes texts as they are; everything else that it takes is base64. */
function textSource(url: unknown): JsonObject | undefined {
  const given = readDataUrl(url);
  if (!given?.mediaType.startsWith('text/')) return undefined;
  return { type: 'text', media_type: 'text/plain', data: Buffer.from(given.data, 'base64').toString('utf8') };
}
