import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What a provider once answered. */
export interface Recording {
  readonly providerId: string;
  readonly name: string;
  readonly kind: 'stream' | 'whole' | 'failure';
  readonly bytes: Buffer;
}

/** How a provider frames the events of a stream; each is the JSON of one. */
export type Framing = (events: readonly string[]) => Buffer;

/** Server-sent events as OpenAI sends them. */
export const openAiFraming: Framing = (events) =>
  Buffer.from([...events, '[DONE]'].map((event) => `data: ${event}\n\n`).join(''));

/** Server-sent events as Anthropic sends them. */
export const anthropicFraming: Framing = (events) =>
  Buffer.from(events.map((event) => `event: ${typeOf(event)}\ndata: ${event}\n\n`).join(''));

/** Server-sent events as Google sends them; they have no end of their own. */
export const geminiFraming: Framing = (events) => Buffer.from(events.map((event) => `data: ${event}\r\n\r\n`).join(''));

/** Replies of these providers, from a folder that is not part of the project. */
export function findRecordings(providerIds: readonly string[], framing: Framing): Recording[] {
  const folder = resolve(process.env['REPLAY_FOLDER'] ?? '../shared/fixtures');
  if (!existsSync(folder)) {
    process.stderr.write(`There are no recordings in ${folder} (REPLAY_FOLDER): nothing is replayed.\n`);
    return [];
  }
  const recorded = providerIds.filter((id) => existsSync(join(folder, id)));
  return recorded.flatMap((providerId) =>
    readdirSync(join(folder, providerId), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => {
        const content = readFileSync(join(folder, providerId, name));
        return { providerId, name: name.replace(/(?:\.chunks\.txt|\.json)$/, ''), ...replyIn(name, content, framing) };
      }),
  );
}

function replyIn(file: string, content: Buffer, framing: Framing): Pick<Recording, 'kind' | 'bytes'> {
  if (file.endsWith('.chunks.txt')) {
    return { kind: 'stream', bytes: framing(content.toString().split('\n').filter(Boolean)) };
  }
  const isFailure = 'error' in (JSON.parse(content.toString()) as object);
  return { kind: isFailure ? 'failure' : 'whole', bytes: content };
}

function typeOf(event: string): string {
  return (JSON.parse(event) as { type: string }).type;
}
