import { Injectable } from '@nestjs/common';
import type { ConnectedProvider } from '../connected-provider.js';
import type { DiscoveredModel } from '../dialect.js';
import { readRefusal } from '../upstream-refusal.js';
import { UpstreamClient } from './upstream-client.js';

const DEADLINES = { firstTokenMs: 10_000, idleMs: 10_000, totalMs: 20_000 };

/** Asks a provider which models it has: the cheapest question that one can answer. */
@Injectable()
export class ModelListService {
  constructor(private readonly client: UpstreamClient) {}

  /** @throws UpstreamError */
  async read({ provider, baseUrl, headers, signer, deadlines }: ConnectedProvider): Promise<DiscoveredModel[]> {
    const url = baseUrl + (provider.modelsPath ?? '/models');
    const request = { method: 'GET', url, headers, body: undefined } as const;
    const exchange = await this.client.send({
      providerId: provider.id,
      method: 'GET',
      url,
      headers: { ...headers, ...(await signer?.headersFor(request)) },
      deadlines: { ...DEADLINES, connectMs: deadlines.connectMs },
    });
    if (exchange.status !== 200) throw await readRefusal(exchange, provider);
    return provider.dialect.models(await exchange.whole());
  }
}
