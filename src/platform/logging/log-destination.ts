import { pino, type DestinationStream } from 'pino';

type File = ReturnType<typeof pino.destination>;

/** How long a line may wait for company before it is written. */
const FLUSH_MS = 250;
const WRITE_AT_CHARACTERS = 64_000;

/**
 * The log's way out. Lines are gathered and written by a thread of libuv, so that a slow reader of the output never
 * holds up a request; when more than `limitBytes` wait, lines are dropped and counted.
 */
export class LogDestination implements DestinationStream {
  private readonly file: File;
  // Gathered here, because pino's file measures all that it has gathered anew with each line.
  private gathered = '';
  private dropped = 0;
  private readonly flushing: NodeJS.Timeout;

  constructor(limitBytes: number, file: string | number = 1) {
    this.file = pino.destination({ dest: file, sync: false, maxLength: limitBytes });
    this.file.on('drop', (lines: string) => {
      this.dropped += lines.split('\n').length - 1;
    });
    this.flushing = setInterval(() => {
      this.flush();
    }, FLUSH_MS).unref();
  }

  get droppedLines(): number {
    return this.dropped;
  }

  write(line: string): void {
    this.gathered += line;
    if (this.gathered.length >= WRITE_AT_CHARACTERS) this.flush();
  }

  /** Writes what waits, before the process ends. */
  close(): void {
    clearInterval(this.flushing);
    this.flush();
    try {
      this.file.flushSync();
    } catch {
      // Its reader is gone or was never there: there is nobody left to tell.
    }
  }

  private flush(): void {
    if (this.gathered === '') return;
    this.file.write(this.gathered);
    this.gathered = '';
  }
}
