import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { errors, Pool } from 'undici';
import { ENV, type Env } from '../../config/env.js';
import { ClientGoneError } from '../../platform/errors/request-errors.js';
import type { Deadlines } from '../llm-provider.js';
import { UpstreamDeadline } from '../upstream-deadline.js';
import { UpstreamConnectError, UpstreamError } from '../upstream-errors.js';
import { asUpstreamError, UpstreamResponse } from '../upstream-response.js';

export interface UpstreamRequest {
  readonly providerId: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly deadlines: Deadlines;
  /** Calls its listener when the client goes away. */
  readonly onLeave?: (listener: () => void) => void;
}

/** The one way to a provider: pooled connections, deadlines for every phase, and cancellation. */
@Injectable()
export class UpstreamClient implements OnApplicationShutdown {
  private readonly pools = new Map<string, Pool>();

  constructor(@Inject(ENV) private readonly env: Env) {}

  /**
   * Sends a request and waits for the head of the answer; any status is an answer.
   * @throws UpstreamConnectError, UpstreamTimeoutError, UpstreamCutError, ClientGoneError
   */
  async send(request: UpstreamRequest): Promise<UpstreamResponse> {
    const { providerId } = request;
    const { origin, path } = splitUrl(request.url);
    const abortion = new AbortController();
    const deadline = new UpstreamDeadline(providerId, request.deadlines, (error) => {
      abortion.abort(error);
    });
    request.onLeave?.(() => {
      abortion.abort(new ClientGoneError());
    });
    try {
      const { statusCode, headers, body } = await this.poolOf(origin).request({
        path,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        signal: abortion.signal,
      });
      return new UpstreamResponse({ providerId, status: statusCode, headers, body, deadline });
    } catch (error) {
      deadline.rest();
      throw isConnectError(error) ? new UpstreamConnectError(providerId, { cause: error }) : asUpstreamError(error, providerId);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.destroy()));
  }

  private poolOf(origin: string): Pool {
    const known = this.pools.get(origin);
    if (known) return known;
    const pool = new Pool(origin, {
      connections: this.env.UPSTREAM_CONNECTIONS,
      connect: { timeout: this.env.UPSTREAM_CONNECT_TIMEOUT_MS },
      // The attempt's own deadline watches both.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.pools.set(origin, pool);
    return pool;
  }
}

const CONNECT_CODES = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

function isConnectError(error: unknown): boolean {
  if (error instanceof UpstreamError) return false;
  if (error instanceof errors.ConnectTimeoutError) return true;
  return error instanceof Error && 'code' in error && CONNECT_CODES.has(String(error.code));
}

function splitUrl(url: string): { origin: string; path: string } {
  const slash = url.indexOf('/', url.indexOf('//') + 2);
  return slash < 0 ? { origin: url, path: '/' } : { origin: url.slice(0, slash), path: url.slice(slash) };
}
