import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { objects } from '../chat-chunk.js';

/**
 * OpenAI's `annotations` for what Google found on the web: each source with the part of the content that it supports,
 * or with all of it when Google does not say which. Google counts bytes, OpenAI characters.
 */
export function annotations(metadata: JsonObject | undefined, content: string): JsonObject[] {
  if (!metadata) return [];
  const sources = objects(metadata['groundingChunks']).map(sourceOf);
  const supports = objects(metadata['groundingSupports']);
  if (supports.length === 0) return sources.flatMap((source) => citation(source, 0, content.length));
  const bytes = Buffer.from(content);
  const characters = (offset: unknown): number =>
    typeof offset === 'number' ? bytes.subarray(0, offset).toString('utf8').length : 0;
  return supports.flatMap((support) => {
    const { startIndex, endIndex } = objectMember(support, 'segment') ?? {};
    const indices: unknown[] = Array.isArray(support['groundingChunkIndices']) ? support['groundingChunkIndices'] : [];
    return indices.flatMap((index) => citation(sources[Number(index)], characters(startIndex), characters(endIndex)));
  });
}

function sourceOf(chunk: JsonObject): JsonObject | undefined {
  return objectMember(chunk, 'web') ?? objectMember(chunk, 'maps') ?? objectMember(chunk, 'retrievedContext');
}

function citation(source: JsonObject | undefined, start: number, end: number): JsonObject[] {
  const { uri, title } = source ?? {};
  if (typeof uri !== 'string') return [];
  const cited = { start_index: start, end_index: end, url: uri, title: typeof title === 'string' ? title : uri };
  return [{ type: 'url_citation', url_citation: cited }];
}
