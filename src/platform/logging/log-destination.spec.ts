import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogDestination } from './log-destination.js';

describe('the way out of the log', () => {
  const newFile = (): string => join(mkdtempSync(join(tmpdir(), 'gatewayz-log-')), 'log');

  it('keeps every line in its order, whatever it holds and however long it is', async () => {
    const file = newFile();
    const destination = new LogDestination(10_000_000, openSync(file, 'w'));
    const lines = Array.from({ length: 3_000 }, (_, index) => `${index} ${'ü€😀'.repeat(index % 50)}\n`);
    lines.splice(1_500, 0, `${'long €'.repeat(30_000)}\n`);
    for (const line of lines) destination.write(line);
    destination.close();
    // What another thread is writing is not waited for.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
    expect(destination.droppedLines).toBe(0);
  });

  it('drops and counts what nobody takes in time', async () => {
    const destination = new LogDestination(100_000, newFile());
    // Whole pages are dropped; the file is not even open yet, so nothing is taken meanwhile.
    for (let line = 0; line < 10_000; line += 1) destination.write(`${'x'.repeat(99)}\n`);
    expect(destination.droppedLines).toBeGreaterThan(8_000);
    expect(destination.droppedLines).toBeLessThan(10_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    destination.close();
  });
});
