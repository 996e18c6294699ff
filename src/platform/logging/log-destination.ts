import { pino } from 'pino';

type Destination = ReturnType<typeof pino.destination>;

/** How long a line may wait for company before it is written. */
const FLUSH_MS = 250;
const WRITE_AT_BYTES = 16_000;

/**
 * The log's way out. Lines are gathered and written by a thread of libuv, so that a slow reader of the output never
 * holds up a request; when more than `limitBytes` wait, lines are dropped and counted.
 */
export class LogDestination {
  readonly stream: Destination;
  private dropped = 0;
  private readonly flushing: NodeJS.Timeout;

  constructor(limitBytes: number, file: string | number = 1) {
    this.stream = pino.destination({ dest: file, sync: false, minLength: WRITE_AT_BYTES, maxLength: limitBytes });
    this.stream.on('drop', () => {
      this.dropped += 1;
    });
    this.flushing = setInterval(() => {
      this.stream.flush();
    }, FLUSH_MS).unref();
  }

  get droppedLines(): number {
    return this.dropped;
  }

  /** Writes what waits, before the process ends. */
  close(): void {
    clearInterval(this.flushing);
    try {
      this.stream.flushSync();
    } catch {
      // Its reader is gone or was never there: there is nobody left to tell.
    }
  }
}
