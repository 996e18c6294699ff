import { once } from 'node:events';
import type { DestinationStream } from 'pino';
import sonicBoom, { type SonicBoom } from 'sonic-boom';
import { mostBytes } from '../memory/most-bytes.js';

/** In its mode for bytes; its published types know only the one for text. */
type File = Omit<SonicBoom, 'write'> & { write(bytes: Buffer): boolean };

/** How long a line may wait for company before it is written. */
const FLUSH_MS = 250;
const PAGE_BYTES = 65_536;
const LINE_FEED = 0x0a;

/**
 * The log's way out. Lines are gathered and written by a thread of libuv, so that a slow reader of the output never
 * holds up a request; when more than `limitBytes` wait, lines are dropped and counted.
 */
export class LogDestination implements DestinationStream {
  private readonly file: File;
  /** What waits, as bytes: pino's file would measure its text anew with each line. */
  private readonly page = Buffer.allocUnsafeSlow(PAGE_BYTES);
  private used = 0;
  private dropped = 0;
  /** The last page could not be written: its reader is gone, or the disk is full. Then nothing waits for the next. */
  private hasFailed = false;
  private isClosed = false;
  private readonly flushing: NodeJS.Timeout;

  constructor(limitBytes: number, file: string | number = 1) {
    const options = { dest: file, sync: false, maxLength: limitBytes, contentMode: 'buffer' } as const;
    this.file = new sonicBoom.SonicBoom(options) as unknown as File;
    this.file.on('drop', (lines: Buffer) => {
      this.dropped += lines.reduce((count, byte) => (byte === LINE_FEED ? count + 1 : count), 0);
    });
    // Without a listener the gateway would end with its log.
    this.file.on('error', () => {
      this.hasFailed = true;
    });
    this.file.on('write', () => {
      this.hasFailed = false;
    });
    this.flushing = setInterval(() => {
      this.flush();
    }, FLUSH_MS).unref();
  }

  get droppedLines(): number {
    return this.dropped;
  }

  write(line: string): void {
    const most = mostBytes(line);
    if (this.used + most > PAGE_BYTES) this.flush();
    if (most > PAGE_BYTES) this.file.write(Buffer.from(line));
    else this.used += this.page.write(line, this.used);
  }

  /** Resolves when every line is written. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.flushing);
    this.flush();
    if (this.hasFailed) return;
    const closed = once(this.file, 'close');
    this.file.end();
    // There is nobody left to tell that the last lines could not be written.
    await closed.catch(() => undefined);
  }

  /**
   * For an end that cannot wait: writes what nobody is writing yet. It may overtake the page that another thread is at,
   * which is written before the process ends. Does nothing when `close` came before.
   */
  closeAtOnce(): void {
    if (this.hasFailed || this.isClosed) return;
    clearInterval(this.flushing);
    this.flush();
    try {
      this.file.flushSync();
    } catch {
      // It was never there.
    }
  }

  private flush(): void {
    if (this.used === 0) return;
    this.file.write(Buffer.from(this.page.subarray(0, this.used)));
    this.used = 0;
  }
}
