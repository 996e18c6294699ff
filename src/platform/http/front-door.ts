import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { answerClientError } from './client-error.js';
import { ExpressRequest, ExpressResponse } from './express-messages.js';

/** What answers requests once it is loaded. */
export type Application = (request: ExpressRequest, response: ExpressResponse) => void;

/** Longer than the idle time of common load balancers, so that they never use a connection that we just closed. */
const KEEP_ALIVE_MS = 75_000;

/**
 * The listener. It is there before anything else is loaded: until the application takes over, whoever asks for the
 * health of the process hears that it starts, and everybody else to come again in a moment.
 */
export class FrontDoor {
  readonly server: Server;
  private readonly connections = new Set<Socket>();
  private application: Application | undefined;

  constructor(private readonly startingReport: () => object) {
    const classes = { IncomingMessage: ExpressRequest, ServerResponse: ExpressResponse };
    this.server = createServer({ ...classes, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      if (this.application) this.application(request, response);
      else this.receive(request, response);
    });
    this.server.on('clientError', answerClientError);
    this.server.on('connection', (connection) => {
      this.connections.add(connection);
      connection.once('close', () => this.connections.delete(connection));
    });
  }

  /** Resolves with the port that is listened to. @throws Error with the code EADDRINUSE and its like */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on the application answers. */
  open(application: Application): void {
    this.application = application;
  }

  /** Ends the connections on which nobody waits for an answer. */
  closeIdleConnections(): void {
    this.server.closeIdleConnections();
    // One that was opened in advance and never used is idle, too, which Node sees in another way.
    for (const connection of this.connections) if (connection.bytesRead === 0) connection.destroy();
  }

  private receive(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const isAlive = ['/health', '/api/health', '/health/live'].includes(request.url ?? '');
    const requestId = `req_${randomUUID()}`;
    const body = JSON.stringify(isAlive ? this.startingReport() : starting(requestId));
    response.writeHead(isAlive ? 200 : 503, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'x-request-id': requestId,
      ...(!isAlive && { 'retry-after': '1' }),
    });
    response.end(body);
  }
}

/** The envelope of every error; the table of errors is not loaded yet. */
function starting(requestId: string): object {
  const message = 'The gateway is starting.';
  return {
    error: { message, type: 'service_unavailable', code: 'service_unavailable', param: null, request_id: requestId },
  };
}
