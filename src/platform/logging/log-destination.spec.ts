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
    await destination.close();
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
    expect(destination.droppedLines).toBe(0);
  });

  it('drops and counts what nobody takes in time', async () => {
    const destination = new LogDestination(100_000, newFile());
    // Whole pages are dropped; the file is not even open yet, so nothing is taken meanwhile.
    for (let line = 0; line < 10_000; line += 1) destination.write(`${'x'.repeat(99)}\n`);
    expect(destination.droppedLines).toBeGreaterThan(8_000);
    expect(destination.droppedLines).toBeLessThan(10_000);
    await destination.close();
  });

  it('loses no line at an end that cannot wait', async () => {
    const file = newFile();
    const destination = new LogDestination(10_000_000, openSync(file, 'w'));
    const lines = Array.from({ length: 30_000 }, (_, index) => `line ${index}\n`);
    for (const line of lines) destination.write(line);
    destination.closeAtOnce();
    // What another thread is at is written when the process ends, which this one does not.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const written = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    expect(new Set(written)).toEqual(new Set(lines.map((line) => line.trimEnd())));
    expect(written).toHaveLength(lines.length);
  });

  it('neither fails nor waits when the disk is full', async () => {
    const destination = new LogDestination(100_000, openSync('/dev/full', 'w'));
    for (let line = 0; line < 10_000; line += 1) destination.write(`${'x'.repeat(99)}\n`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(destination.droppedLines).toBeGreaterThan(8_000);
    destination.closeAtOnce();
    await destination.close();
  });
});
