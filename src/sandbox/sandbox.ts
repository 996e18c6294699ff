import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { Behaviour } from './behaviour.js';

import { Exchange } from './exchange.js';
import type { ModelAliases } from './models.js';
import { type RecordedRequest, RequestLog } from './request-log.js';
import { answer } from './routes.js';
import type { SandboxState } from './state.js';
import { answeredFromMemory } from './tiny-model.js';

export interface SandboxOptions {
  readonly host?: string | undefined;
  /** 0, the default, takes any free one. */
  readonly port?: number | undefined;
  /** When given, requests without it are answered 401. */
  readonly apiKey?: string | undefined;
  /** Other names under which its models answer, such as those of a real provider. */
  readonly aliases?: ModelAliases | undefined;
  /** How it answers chat requests that ask for nothing else. */
  readonly behaviour?: Behaviour | undefined;
  /** Whether to keep the last requests for `requests`; on unless said otherwise. */
  readonly record?: boolean | undefined;
}

/** A simulated provider: a real HTTP server that speaks as OpenAI, Anthropic and Google do, and fails as it is told to. */
export class Sandbox {
  private readonly server: Server;
  private readonly state: SandboxState;
  private sockets = 0;
  private refusing: NodeJS.Timeout | undefined;
  /** The port it listens on, also while it refuses connections. */
  port = 0;

  constructor(private readonly options: SandboxOptions) {
    const log = new RequestLog(options.record ?? true);
    const { apiKey, aliases = {}, behaviour: usual = {} } = options;
    this.state = { apiKey, aliases, usual, log, schedule: [], openSockets: () => this.sockets };
    this.server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
      this.receive(request, response);
    });
    this.server.on('connection', (socket) => {
      this.sockets += 1;
      socket.once('close', () => (this.sockets -= 1));
    });
  }

  /** The base URL of its API, as an OpenAI client wants it. */
  get url(): string {
    return `http://${this.host}:${this.port}/v1`;
  }

  /** The last hundred requests, oldest first. */
  get requests(): readonly RecordedRequest[] {
    return this.state.log.list();
  }

  get openSockets(): number {
    return this.sockets;
  }

  /** Adds behaviours for the chat requests to come, one for each; they outrank what a request itself asks for. */
  schedule(behaviours: readonly Behaviour[]): void {
    this.state.schedule.push(...behaviours);
  }

  /** Forgets the schedule and the requests. */
  reset(): void {
    this.state.schedule.length = 0;
    this.state.log.clear();
  }

  /** Closes the listener for a time, so that connecting fails; requests under way go on. */
  refuseConnections(milliseconds: number): void {
    clearTimeout(this.refusing);
    this.server.close();
    this.refusing = setTimeout(() => this.server.listen(this.port, this.host), milliseconds);
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.options.port ?? 0, this.host, resolve);
    });
    const address = this.server.address();
    if (address !== null && typeof address === 'object') this.port = address.port;
  }

  /** Ends at once, with whatever is under way. */
  async close(): Promise<void> {
    clearTimeout(this.refusing);
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
    this.server.closeAllConnections();
    await closed;
  }

  private get host(): string {
    return this.options.host ?? '127.0.0.1';
  }

  private receive(request: IncomingMessage, response: ServerResponse): void {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const [first] = pieces;
      this.dispatch(request, response, first && pieces.length === 1 ? first : Buffer.concat(pieces));
    });
  }

  private dispatch(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const { log, schedule, apiKey } = this.state;
    const isUnwatched = !log.isOn && schedule.length === 0 && apiKey === undefined;
    if (isUnwatched && answeredFromMemory(request, response, body)) return;
    const exchange = new Exchange(request, response, body);
    if (request.url?.startsWith('/v1')) log.add(exchange);
    void answer(exchange, this.state);
  }
}

/** Starts a sandbox; it listens when the promise resolves. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = new Sandbox(options);
  await sandbox.listen();
  return sandbox;
}
