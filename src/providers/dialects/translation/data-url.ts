const DATA_URL = /^data:(?<type>[^;,]+)(?:;[^,;]*)*?;base64,(?<data>.*)$/is;

/** What a `data:` URL holds, still in base64. */
export interface InlineData {
  readonly mediaType: string;
  readonly data: string;
}

/** Undefined when it is none, or not in base64. */
export function readDataUrl(url: unknown): InlineData | undefined {
  const { type, data } = (typeof url === 'string' ? DATA_URL.exec(url)?.groups : undefined) ?? {};
  if (type === undefined || data === undefined) return undefined;
  // The usual misspelling; providers know only the right one.
  return { mediaType: type === 'image/jpg' ? 'image/jpeg' : type, data };
}
