import type { Headers } from './express-messages.js';

/** What a reply needs of Node's response; anything else that offers it can take the response's place. */
export interface ReplyTarget {
  readonly headersSent: boolean;
  readonly closed: boolean;
  readonly writableFinished: boolean;
  announce(headers: Headers): void;
  writeHead(status: number, headers: Headers): unknown;
  /** False when the reader is slow; `drain` follows. */
  write(bytes: Buffer | string): boolean;
  end(bytes: Buffer | string, encoding?: BufferEncoding): unknown;
  once(event: 'close', listener: () => void): unknown;
  on(event: 'close' | 'drain', listener: () => void): ReplyTarget;
  off(event: 'close' | 'drain', listener: () => void): ReplyTarget;
}
