/** A stream as a client sees it: each event's data, and whether it was cut. */
export interface ReadStream {
  readonly events: string[];
  readonly chunks: Chunk[];
  readonly text: string;
}

export interface Chunk {
  readonly choices?: {
    readonly index: number;
    readonly delta: { readonly role?: string; readonly content?: string };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: { readonly cost?: number; readonly completion_tokens?: number } | null;
  readonly error?: { readonly type: string; readonly code: string; readonly message: string };
}

export async function readStream(response: Response): Promise<ReadStream> {
  const body = await response.text();
  const events = body
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice(6));
  const chunks = events.filter((event) => event !== '[DONE]').map((event) => JSON.parse(event) as Chunk);
  const text = chunks.flatMap(({ choices = [] }) => choices.map(({ delta }) => delta.content ?? '')).join('');
  return { events, chunks, text };
}
