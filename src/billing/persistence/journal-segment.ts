import { closeSync, fdatasync, openSync, write } from 'node:fs';

interface WaitingLine {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * The file that is being appended to. All lines that come while a write is under way share the next one, so that a
 * busy gateway pays for one write where it serves many calls.
 */
export class JournalSegment {
  private readonly descriptor: number;
  private waiting: WaitingLine[] = [];
  private isWriting = false;
  private closed: (() => void) | undefined;

  constructor(
    path: string,
    private size: number,
    private readonly isSyncedToDisk: boolean,
  ) {
    this.descriptor = openSync(path, 'a', 0o600);
  }

  /** Bytes, with those that are still waiting. */
  get length(): number {
    return this.size;
  }

  /** Resolves once the line is in the file. */
  append(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.size += Buffer.byteLength(text);
      this.waiting.push({ text, resolve, reject });
      if (this.isWriting) return;
      this.isWriting = true;
      // Calls that end in the same turn of the event loop go together.
      setImmediate(() => {
        this.writeWaiting();
      });
    });
  }

  /** Takes no more lines; resolves once those that wait are in the file. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.closed = () => {
        closeSync(this.descriptor);
        resolve();
      };
      if (!this.isWriting) this.closed();
    });
  }

  private writeWaiting(): void {
    const lines = this.waiting;
    this.waiting = [];
    this.writeAll(Buffer.from(lines.map(({ text }) => text).join('')), (error) => {
      for (const { resolve, reject } of lines) {
        if (error) reject(error);
        else resolve();
      }
      if (this.waiting.length > 0) this.writeWaiting();
      else this.rest();
    });
  }

  /** A write may take fewer bytes than it was given. */
  private writeAll(bytes: Buffer, done: (error: Error | null) => void): void {
    write(this.descriptor, bytes, (error, written) => {
      if (error) done(error);
      else if (written < bytes.length) this.writeAll(bytes.subarray(written), done);
      else if (this.isSyncedToDisk) fdatasync(this.descriptor, done);
      else done(null);
    });
  }

  private rest(): void {
    this.isWriting = false;
    this.closed?.();
  }
}
