import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from './exchange.js';

const MOST = 100;
const SECRET_HEADERS = ['authorization', 'x-api-key', 'cookie'];

/** What the sandbox received, as a test or a curious person sees it. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** A credential stands as a hash: equal credentials can be told, none can be read. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed body; its text when it is no JSON; undefined when there was none. */
  readonly body: unknown;
  /** Whether the client went away before its reply was complete. */
  readonly isAborted: boolean;
}

/** The last hundred requests. They are parsed when somebody looks, so that keeping them costs little. */
export class RequestLog {
  private entries: Entry[] = [];

  constructor(readonly isOn: boolean) {}

  add(exchange: Exchange): void {
    if (!this.isOn) return;
    this.entries.push(new Entry(exchange));
    if (this.entries.length > MOST) this.entries.shift();
  }

  list(): RecordedRequest[] {
    return this.entries.map((entry) => entry.describe());
  }

  clear(): void {
    this.entries = [];
  }
}

class Entry {
  private readonly method: string;
  private readonly path: string;
  private readonly headers: IncomingHttpHeaders;
  private readonly body: Buffer;
  private isAborted = false;

  constructor(exchange: Exchange) {
    const { request, response, body } = exchange;
    this.method = request.method ?? '';
    this.path = request.url ?? '';
    this.headers = request.headers;
    this.body = body;
    response.once('close', () => {
      this.isAborted = !response.writableFinished && !exchange.isDestroyedByUs;
    });
  }

  describe(): RecordedRequest {
    const { method, path, isAborted } = this;
    const headers = Object.fromEntries(Object.entries(this.headers).map(([name, value]) => [name, hide(name, value)]));
    return { method, path, headers, body: parse(this.body), isAborted };
  }
}

function hide(name: string, value: string | string[] | undefined): string | string[] | undefined {
  if (!SECRET_HEADERS.includes(name)) return value;
  return `sha256:${createHash('sha256').update(String(value)).digest('hex').slice(0, 16)}`;
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    const parsed: unknown = JSON.parse(body.toString());
    return parsed;
  } catch {
    return body.toString();
  }
}
