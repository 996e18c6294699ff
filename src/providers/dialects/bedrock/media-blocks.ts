import type { JsonObject } from '../../../platform/json/json-document.js';
import type { InlineData } from '../translation/data-url.js';

const IMAGES: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', 'jpeg'],
  ['image/png', 'png'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
]);
const DOCUMENTS: ReadonlyMap<string, string> = new Map([
  ['application/pdf', 'pdf'],
  ['text/csv', 'csv'],
  ['application/msword', 'doc'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.ms-excel', 'xls'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['text/html', 'html'],
  ['text/markdown', 'md'],
  ['text/plain', 'txt'],
]);
const VIDEOS: ReadonlyMap<string, string> = new Map([
  ['video/x-matroska', 'mkv'],
  ['video/quicktime', 'mov'],
  ['video/mp4', 'mp4'],
  ['video/webm', 'webm'],
  ['video/x-flv', 'flv'],
  ['video/mpeg', 'mpeg'],
  ['video/mpg', 'mpg'],
  ['video/x-ms-wmv', 'wmv'],
  ['video/3gpp', 'three_gp'],
]);
const LONGEST_NAME = 200;

/** An image, a video or a document, by its media type; undefined when Converse takes no such thing. */
export function mediaBlock({ mediaType, data: bytes }: InlineData, filename?: unknown): JsonObject | undefined {
  const type = mediaType.toLowerCase();
  const [image, video, document] = [IMAGES.get(type), VIDEOS.get(type), documentFormat(type)];
  if (image) return { image: { format: image, source: { bytes } } };
  if (video) return { video: { format: video, source: { bytes } } };
  if (document) return { document: { format: document, name: documentName(filename), source: { bytes } } };
  return undefined;
}

/** A text of any kind is a text. */
function documentFormat(type: string): string | undefined {
  return DOCUMENTS.get(type) ?? (type.startsWith('text/') ? 'txt' : undefined);
}

/** Converse wants a name, and takes few characters in it. */
function documentName(filename: unknown): string {
  const name = typeof filename === 'string' ? filename.replace(/\.\w+$/, '') : '';
  const allowed = name.replace(/[^\w\s()[\]-]|_/g, '-').replace(/\s+/g, ' ');
  return allowed.trim().slice(0, LONGEST_NAME).trim() || 'document';
}
