import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What a provider once answered. */
export interface Recording {
  readonly providerId: string;
  readonly name: string;
  readonly kind: 'stream' | 'whole' | 'failure';
  readonly bytes: Buffer;
}

/** Replies of providers that speak OpenAI's dialect, from a folder that is not part of the project. */
export function findRecordings(providerIds: readonly string[]): Recording[] {
  const folder = resolve(process.env['REPLAY_FOLDER'] ?? '../shared/fixtures');
  if (!existsSync(folder)) {
    process.stderr.write(`There are no recordings in ${folder} (REPLAY_FOLDER): nothing is replayed.\n`);
    return [];
  }
  const recorded = providerIds.filter((id) => existsSync(join(folder, id)));
  return recorded.flatMap((providerId) =>
    readdirSync(join(folder, providerId), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => recording(providerId, name, readFileSync(join(folder, providerId, name)))),
  );
}

function recording(providerId: string, file: string, content: Buffer): Recording {
  const name = file.replace(/(?:\.chunks\.txt|\.json)$/, '');
  if (!file.endsWith('.chunks.txt')) {
    const isFailure = 'error' in (JSON.parse(content.toString()) as object);
    return { providerId, name, kind: isFailure ? 'failure' : 'whole', bytes: content };
  }
  const lines = content.toString().split('\n').filter(Boolean);
  const events = [...lines, '[DONE]'].map((line) => `data: ${line}\n\n`);
  return { providerId, name, kind: 'stream', bytes: Buffer.from(events.join('')) };
}
