import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnv } from '../../config/env.js';
import { DataDirectory } from '../../platform/data-directory/data-directory.js';
import { UsageJournal } from './usage-journal.js';

const LIMIT = 1024 * 1024;

describe.each(['process', 'disk'])('the journal, safe against the end of the %s', (JOURNAL_SYNC) => {
  let root: string;
  let directory: DataDirectory;
  let journal: UsageJournal;

  const open = () => new UsageJournal(readEnv({ JOURNAL_SYNC }), directory);
  const readAll = async () => {
    const lines: string[] = [];
    for (let batch = await journal.read(LIMIT); batch; batch = await journal.read(LIMIT)) {
      lines.push(...batch.lines);
      journal.commit(batch.end);
    }
    return lines;
  };

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'journal-'));
    directory = await DataDirectory.open(root);
    journal = open();
  });

  afterEach(async () => {
    await journal.close();
    directory.onApplicationShutdown();
    rmSync(root, { recursive: true });
  });

  it('gives back what was appended, once and in order', async () => {
    const lines = Array.from({ length: 500 }, (_, index) => `{"n":${index}}`);
    await Promise.all(lines.map((line) => journal.append(line)));
    expect(journal.backlogBytes).toBeGreaterThan(0);
    expect(await readAll()).toEqual(lines);
    expect(journal.backlogBytes).toBe(0);
    expect(await readAll()).toEqual([]);
  });

  it('gives back a line that is longer than what is read at once', async () => {
    const lines = ['{"n":1}', JSON.stringify({ filler: 'x'.repeat(1000) }), '{"n":3}'];
    for (const line of lines) await journal.append(line);
    const read: string[] = [];
    for (let batch = await journal.read(100); batch; batch = await journal.read(100)) {
      read.push(...batch.lines);
      journal.commit(batch.end);
    }
    expect(read).toEqual(lines);
  });

  it('gives back after a crash what the database did not confirm, but no line that the crash cut', async () => {
    await journal.append('{"n":1}');
    await readAll();
    await journal.append('{"n":2}');
    const [segment = ''] = readdirSync(join(root, 'journal')).filter((name) => name.endsWith('.ndjson'));
    appendFileSync(join(root, 'journal', segment), '{"n":3,"cut');
    await journal.close();
    journal = open();
    await journal.append('{"n":4}');
    expect(await readAll()).toEqual(['{"n":2}', '{"n":4}']);
    expect(journal.backlogBytes).toBe(0);
  });

  it('gives everything again when the cursor is lost: the database knows what it has', async () => {
    await journal.append('{"n":1}');
    await readAll();
    await journal.close();
    rmSync(join(root, 'journal', 'cursor.json'));
    journal = open();
    expect(await readAll()).toEqual(['{"n":1}']);
  });

  it('goes on in a new file, and deletes those that were read', async () => {
    const line = JSON.stringify({ filler: 'x'.repeat(1024 * 1024 - 20) });
    for (let count = 0; count < 20; count += 1) await journal.append(line);
    expect(readdirSync(join(root, 'journal')).filter((name) => name.endsWith('.ndjson')).length).toBeGreaterThan(1);
    const read: string[] = [];
    for (let batch = await journal.read(4 * LIMIT); batch; batch = await journal.read(4 * LIMIT)) {
      read.push(...batch.lines);
      journal.commit(batch.end);
      // Whoever reads does not rest where a file ends.
      expect(batch.hasMore).toBe(read.length < 20);
    }
    expect(read).toHaveLength(20);
    expect(readdirSync(join(root, 'journal')).filter((name) => name.endsWith('.ndjson'))).toHaveLength(1);
  });
});
