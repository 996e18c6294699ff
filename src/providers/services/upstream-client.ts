import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
// The pool alone: with all of undici come a fetch, caches and web sockets, which take 2.4 MB and are never used.
import Pool from 'undici/lib/dispatcher/pool.js';
import { ENV, type Env } from '../../config/env.js';
import { ClientGoneError } from '../../platform/errors/request-errors.js';
import type { Deadlines } from '../llm-provider.js';
import { UpstreamExchange } from '../upstream-exchange.js';

export interface UpstreamRequest {
  readonly providerId: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly deadlines: Deadlines;
  /** Calls its listener when the client goes away. */
  readonly onLeave?: (listener: () => void) => void;
  /** The provider goes on, and bills, when it is cancelled: it is given some time to say how much. */
  readonly billsWhenCancelled?: boolean;
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
  send(request: UpstreamRequest): Promise<UpstreamExchange> {
    const { origin, path } = splitUrl(request.url);
    const exchange = new UpstreamExchange(request.providerId, request.deadlines);
    const cancel = (): void => {
      exchange.abort(new ClientGoneError());
    };
    const { UPSTREAM_CANCEL_DRAIN_MS: drainMs } = this.env;
    request.onLeave?.(request.billsWhenCancelled ? () => void setTimeout(cancel, drainMs).unref() : cancel);
    const { method, headers, body = null } = request;
    this.poolOf(origin, request.deadlines.connectMs).dispatch({ path, method, headers, body }, exchange);
    return exchange.head();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.destroy()));
  }

  private poolOf(origin: string, connectMs: number): Pool {
    const key = `${connectMs} ${origin}`;
    const known = this.pools.get(key);
    if (known) return known;
    const pool = new Pool(origin, {
      connections: this.env.UPSTREAM_CONNECTIONS,
      connect: { timeout: connectMs },
      // The attempt's own deadline watches both.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.pools.set(key, pool);
    return pool;
  }
}

function splitUrl(url: string): { origin: string; path: string } {
  const slash = url.indexOf('/', url.indexOf('//') + 2);
  return slash < 0 ? { origin: url, path: '/' } : { origin: url.slice(0, slash), path: url.slice(slash) };
}
