import request from 'undici/lib/api/api-request.js';
import Pool from 'undici/lib/dispatcher/pool.js';

/** Answers that have no body, for which `Response` takes none. */
const BODILESS = new Set([204, 205, 304]);

/**
 * A `fetch` for supabase-js, which sends texts and reads answers whole. What the platform's own has sent outlives V8's young
 * collections: each batch of usage records would stay until the next full one (docs/decisions/0007-memory.md).
 */
export function databaseFetch(url: string): typeof fetch {
  // It is never closed: what is idle ends by itself, and keeps no process from ending.
  const pool = new Pool(new URL(url).origin);
  return async (input, { method = 'GET', headers, body = null, signal = null } = {}) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    const answer = await request.call(pool, {
      path: pathname + search,
      method,
      headers: headers as Headers,
      body: body as string | null,
      signal,
    });
    const { statusCode: status, statusText } = answer;
    const text = await answer.body.text();
    return new Response(BODILESS.has(status) ? null : text, { status, statusText, headers: pairs(answer.headers) });
  };
}

function pairs(headers: Readonly<Record<string, string | string[] | undefined>>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value = []]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
}
