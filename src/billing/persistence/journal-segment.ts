import { closeSync, fdatasync, openSync, writeSync } from 'node:fs';

interface Waiting {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The file that is being appended to. All lines that come in one turn of the event loop are one write, and the write
 * is a synchronous system call: it only copies them into the system's memory, which outlives the process, and costs
 * an eighth of handing them to another thread. To outlive the machine as well, `append` waits for the disk.
 */
export class JournalSegment {
  private readonly descriptor: number;
  private size = 0;
  private waiting: Waiting[] = [];
  private isBusy = false;
  private onIdle: (() => void) | undefined;

  constructor(
    path: string,
    private readonly isSyncedToDisk: boolean,
  ) {
    this.descriptor = openSync(path, 'a', 0o600);
  }

  /** Bytes. */
  get length(): number {
    return this.size;
  }

  /** Resolves once the line is safe. @throws Error of the file system */
  append(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ text, resolve, reject });
      if (this.isBusy) return;
      this.isBusy = true;
      setImmediate(() => {
        this.writeWaiting();
      });
    });
  }

  /** Takes no more lines; resolves once those before it are safe. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.onIdle = () => {
        closeSync(this.descriptor);
        resolve();
      };
      if (!this.isBusy) this.onIdle();
    });
  }

  private writeWaiting(): void {
    const lines = this.waiting;
    this.waiting = [];
    try {
      this.write(lines.map(({ text }) => text).join(''));
    } catch (error) {
      this.conclude(lines, error);
      return;
    }
    if (!this.isSyncedToDisk) this.conclude(lines, null);
    else {
      fdatasync(this.descriptor, (error) => {
        this.conclude(lines, error);
      });
    }
  }

  /** A write may take fewer bytes than it was given. */
  private write(text: string): void {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) at += writeSync(this.descriptor, bytes, at);
    this.size += bytes.length;
  }

  private conclude(lines: readonly Waiting[], error: unknown): void {
    for (const { resolve, reject } of lines) {
      if (error) reject(error);
      else resolve();
    }
    if (this.waiting.length > 0) this.writeWaiting();
    else {
      this.isBusy = false;
      this.onIdle?.();
    }
  }
}
