import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a scripted server does with one request, whose body has been read. */
export type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

export interface ReceivedRequest {
  readonly message: IncomingMessage;
  readonly body: string;
}

/** A real HTTP server on loopback that does with each request what the test says. */
export class ScriptedServer {
  /** Every request since the start, or since the test emptied it. */
  readonly requests: ReceivedRequest[] = [];
  private readonly server: Server;
  private sockets = 0;
  private port = 0;

  private constructor(public answer: Answer) {
    this.server = createServer((message, response) => {
      const pieces: Buffer[] = [];
      message.on('data', (piece: Buffer) => pieces.push(piece));
      message.on('end', () => {
        const request = { message, body: Buffer.concat(pieces).toString() };
        this.requests.push(request);
        this.answer(response, request);
      });
    });
    this.server.on('connection', (socket) => {
      this.sockets += 1;
      socket.once('close', () => (this.sockets -= 1));
    });
  }

  static async start(answer: Answer): Promise<ScriptedServer> {
    const server = new ScriptedServer(answer);
    await server.listen();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get openSockets(): number {
    return this.sockets;
  }

  get isListening(): boolean {
    return this.server.listening;
  }

  /** Listens again where it listened before. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Ends every connection, and refuses new ones. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}
