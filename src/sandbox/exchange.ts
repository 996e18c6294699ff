import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** The client has gone, or the sandbox is closing; whoever writes the reply stops. */
export class Gone extends Error {
  override readonly name = 'Gone';
}

/** One request and its reply, with waiting that ends when the client goes away. */
export class Exchange {
  private readonly left = new AbortController();
  /** Whether it was the sandbox, not the client, that ended the connection. */
  isDestroyedByUs = false;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly body: Buffer,
  ) {
    response.once('close', () => {
      this.left.abort();
    });
  }

  /** @throws Gone when the connection closes meanwhile. */
  async wait(milliseconds: number | undefined): Promise<void> {
    if (this.left.signal.aborted) throw new Gone();
    if (!milliseconds) return;
    await sleep(milliseconds, undefined, { signal: this.left.signal }).catch((cause: unknown) => {
      throw new Gone('The client went away.', { cause });
    });
  }

  /** Writes one piece and waits while the client reads too slowly. */
  async write(piece: string | Uint8Array): Promise<void> {
    if (this.left.signal.aborted) throw new Gone();
    if (this.response.write(piece)) return;
    await new Promise<void>((resolve) => {
      this.response.once('drain', resolve);
      this.left.signal.addEventListener('abort', () => {
        resolve();
      });
    });
  }

  send(status: number, body: string, headers: Readonly<Record<string, string>> = {}): void {
    const length = String(Buffer.byteLength(body));
    this.response.writeHead(status, { 'content-type': 'application/json', ...headers, 'content-length': length });
    this.response.end(body);
  }

  /** Lets what was written reach the client, then destroys the connection. */
  async destroy(): Promise<void> {
    this.isDestroyedByUs = true;
    await new Promise((resolve) => setImmediate(resolve));
    const { socket } = this.response;
    if (socket && socket.writableLength > 0) await new Promise((resolve) => socket.once('drain', resolve));
    socket?.destroy();
  }

  /** Resets the connection before any byte of a reply: the nearest a single request comes to a refused connect. */
  reset(): void {
    this.isDestroyedByUs = true;
    this.request.socket.resetAndDestroy();
  }
}
