import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { JsonDocument } from '../../platform/json/json-document.js';
import type { ConnectedProvider } from '../connected-provider.js';
import type { ChatCall } from '../dialect.js';
import { readRefusal } from '../upstream-refusal.js';
import { UpstreamClient } from './upstream-client.js';

const DEADLINES = { firstTokenMs: 20_000, idleMs: 10_000, totalMs: 30_000 };

/** Has a model write one token: that a provider lists its models does not say that it serves them. */
@Injectable()
export class TinyCallService {
  constructor(private readonly client: UpstreamClient) {}

  /** @throws UpstreamError */
  async make({ provider, baseUrl, headers, signer, deadlines }: ConnectedProvider, nativeModel: string): Promise<void> {
    const call = tinyCall(nativeModel);
    const { path, body } = provider.dialect.chatRequest(call, provider);
    const request = { method: 'POST', url: baseUrl + path, headers, body } as const;
    const exchange = await this.client.send({
      ...request,
      providerId: provider.id,
      headers: { ...headers, ...(await signer?.headersFor(request)) },
      deadlines: { ...DEADLINES, connectMs: deadlines.connectMs },
    });
    if (exchange.status !== 200) throw await readRefusal(exchange, provider);
    provider.dialect.chatReply(await exchange.whole(), call, provider);
  }
}

function tinyCall(nativeModel: string): ChatCall {
  const messages = [{ role: 'user', content: 'Hi' }];
  return {
    request: JsonDocument.of({ model: nativeModel, messages, max_tokens: 1 }),
    nativeModel,
    isStream: false,
    outputLimit: undefined,
    requestId: randomUUID(),
    createdAt: Math.floor(Date.now() / 1000),
  };
}
