import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';

/** Where in the content the cited text stands: in characters, the end exclusive. */
export interface CitedRange {
  readonly start: number;
  readonly end: number;
}

/**
 * OpenAI's `annotations` for a text with citations. OpenAI's chat has a word for what is on the web only, so citations of
 * documents that the caller sent along are left out.
 */
export function annotations(citations: readonly JsonObject[], range: CitedRange): JsonObject[] {
  return citations.flatMap((citation) => {
    const url = objectMember(objectMember(citation, 'location') ?? {}, 'web')?.['url'];
    if (typeof url !== 'string') return [];
    const cited = { start_index: range.start, end_index: range.end, url, title: citation['title'] ?? url };
    return [{ type: 'url_citation', url_citation: cited }];
  });
}
