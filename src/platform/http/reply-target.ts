/** What a reply needs of Node's response; anything else that offers it can take the response's place. */
export interface ReplyTarget {
  readonly headersSent: boolean;
  readonly closed: boolean;
  readonly writableFinished: boolean;
  setHeader(name: string, value: string): unknown;
  writeHead(status: number, headers: Readonly<Record<string, string | number>>): unknown;
  /** False when the reader is slow; `drain` follows. */
  write(bytes: Buffer | string): boolean;
  end(bytes: Buffer | string, encoding?: BufferEncoding): unknown;
  once(event: 'close', listener: () => void): unknown;
  on(event: 'close' | 'drain', listener: () => void): ReplyTarget;
  off(event: 'close' | 'drain', listener: () => void): ReplyTarget;
}
