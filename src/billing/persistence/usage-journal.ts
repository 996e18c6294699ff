import { Inject, Injectable } from '@nestjs/common';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ENV, type Env } from '../../config/env.js';
import { DataDirectory } from '../../platform/data-directory/data-directory.js';
import { JournalSegment } from './journal-segment.js';

const SEGMENT_BYTES = 16 * 1024 * 1024;
const CURSOR = 'cursor.json';
/** How far the cursor's file may lag behind: to replace it takes a millisecond, in which nothing else happens. */
const CURSOR_LAG_MS = 1_000;
const NEWLINE = 0x0a;

/** How far the database has come: a segment's number, and bytes of it. */
export interface JournalPosition {
  readonly segment: number;
  readonly offset: number;
}

export interface JournalBatch {
  readonly lines: readonly string[];
  /** Where the batch ends. */
  readonly end: JournalPosition;
  /** It was cut at the limit, or where a segment ends: more lines are likely to wait behind it. */
  readonly hasMore: boolean;
}

/**
 * Usage records between the end of a call and the database: files of lines that are only appended to. What was
 * appended outlives a crash and is read again at start; the cursor may lag behind, because the database takes each
 * record once however often it comes.
 */
@Injectable()
export class UsageJournal {
  private readonly directory: string;
  /** Lines before this segment are those of earlier runs. */
  readonly firstSegment: number;
  private segment: { number: number; file: JournalSegment };
  private position: JournalPosition;
  private cursorDue: NodeJS.Timeout | undefined;
  private readonly closing = new Set<number>();
  private readBuffer = Buffer.alloc(0);
  /** The segment that is being read. */
  private reading: { readonly number: number; readonly file: FileHandle } | undefined;

  constructor(
    @Inject(ENV) private readonly env: Env,
    dataDirectory: DataDirectory,
  ) {
    this.directory = dataDirectory.path('journal');
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const numbers = this.segmentNumbers();
    this.position = this.readCursor() ?? { segment: numbers[0] ?? 1, offset: 0 };
    // A new segment at each start: the last line of an old one may have been cut by a crash.
    this.firstSegment = Math.max(numbers.at(-1) ?? 0, this.position.segment) + 1;
    this.segment = this.openSegment(this.firstSegment);
  }

  /** Bytes that the database does not have yet. */
  get backlogBytes(): number {
    const numbers = this.segmentNumbers().filter((number) => number >= this.position.segment);
    const total = numbers.reduce((sum, number) => sum + this.sizeOf(number), 0);
    return total - (numbers.includes(this.position.segment) ? this.position.offset : 0);
  }

  /** Resolves once the line is safe. @throws Error of the file system */
  append(line: string): Promise<void> {
    if (this.segment.file.length > SEGMENT_BYTES) this.startSegment();
    return this.segment.file.append(`${line}\n`);
  }

  /** The next lines that the database lacks, at most so many bytes of them. */
  async read(limitBytes: number): Promise<JournalBatch | undefined> {
    for (const number of this.segmentNumbers().filter((candidate) => candidate >= this.position.segment)) {
      const start = number === this.position.segment ? this.position.offset : 0;
      const batch = await this.readLines({ segment: number, offset: start }, limitBytes);
      if (batch.lines.length > 0) return batch;
      if (this.closing.has(number)) return undefined;
      if (number < this.segment.number) await this.forget(number);
    }
    return undefined;
  }

  /** The database has everything up to here. */
  commit(position: JournalPosition): void {
    this.position = position;
    this.cursorDue ??= setTimeout(() => {
      this.writeCursor();
    }, CURSOR_LAG_MS).unref();
  }

  /** Keeps a line that the database refuses, for a person to look at. */
  async setAside(line: string): Promise<void> {
    const file = await open(join(this.directory, 'refused.ndjson'), 'a', 0o600);
    await file.appendFile(`${line}\n`);
    await file.close();
  }

  async close(): Promise<void> {
    if (this.cursorDue) this.writeCursor();
    await this.stopReading();
    await this.segment.file.close();
  }

  private startSegment(): void {
    const { number, file } = this.segment;
    this.segment = this.openSegment(number + 1);
    // Until its last lines are in the file it must not be taken for read.
    this.closing.add(number);
    void file.close().then(() => this.closing.delete(number));
  }

  private async readLines(from: JournalPosition, limitBytes: number): Promise<JournalBatch> {
    const file = await this.openForReading(from.segment);
    if (this.readBuffer.length < limitBytes) this.readBuffer = Buffer.allocUnsafeSlow(limitBytes);
    const { buffer, bytesRead } = await file.read(this.readBuffer, 0, limitBytes, from.offset);
    // Behind the last newline stands a line that is still being written, or that a crash cut: its call never ended.
    const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
    // A line longer than that, as of a call that many offers refused: to read nothing would be to take it for read.
    if (end === 0 && bytesRead === limitBytes) return this.readLines(from, limitBytes * 2);
    const lines = buffer.toString('utf8', 0, end).split('\n').slice(0, -1);
    const position = { segment: from.segment, offset: from.offset + end };
    const hasMore = bytesRead === limitBytes || from.segment < this.segment.number;
    return { lines, end: position, hasMore };
  }

  private async openForReading(number: number): Promise<FileHandle> {
    if (this.reading?.number === number) return this.reading.file;
    await this.stopReading();
    const file = await open(this.pathOf(number), 'r');
    this.reading = { number, file };
    return file;
  }

  private async stopReading(): Promise<void> {
    const { reading } = this;
    this.reading = undefined;
    await reading?.file.close();
  }

  /** An old segment that was read to its end. */
  private async forget(number: number): Promise<void> {
    this.commit({ segment: number + 1, offset: 0 });
    this.writeCursor();
    await this.stopReading();
    await unlink(this.pathOf(number));
  }

  private writeCursor(): void {
    clearTimeout(this.cursorDue);
    this.cursorDue = undefined;
    const path = join(this.directory, CURSOR);
    try {
      writeFileSync(`${path}.new`, JSON.stringify(this.position), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch {
      // As on a full disk, which the next record tells of: the cursor goes on lagging until the next batch.
    }
  }

  private openSegment(number: number): { number: number; file: JournalSegment } {
    const path = this.pathOf(number);
    return { number, file: new JournalSegment(path, this.env.JOURNAL_SYNC === 'disk') };
  }

  private segmentNumbers(): number[] {
    const names = readdirSync(this.directory).filter((name) => /^\d{8}\.ndjson$/.test(name));
    return names.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b);
  }

  private sizeOf(number: number): number {
    return statSync(this.pathOf(number), { throwIfNoEntry: false })?.size ?? 0;
  }

  private pathOf(number: number): string {
    return join(this.directory, `${String(number).padStart(8, '0')}.ndjson`);
  }

  private readCursor(): JournalPosition | undefined {
    try {
      const { segment, offset } = JSON.parse(readFileSync(join(this.directory, CURSOR), 'utf8')) as JournalPosition;
      return { segment, offset };
    } catch {
      // None yet, or not readable: everything is sent again, and what the database has it does not take twice.
      return undefined;
    }
  }
}
