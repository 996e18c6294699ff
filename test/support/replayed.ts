import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatFormat } from '../../src/chat/chat-format.js';
import type { Bill } from '../../src/inference/bill.js';
import { JsonDocument } from '../../src/platform/json/json-document.js';
import { ALL_PROVIDERS } from '../../src/providers/all-providers.js';
import type { ChatCall } from '../../src/providers/dialect.js';
import type { LlmProvider } from '../../src/providers/llm-provider.js';
import { NO_TOKENS, type TokenUsage } from '../../src/providers/token-usage.js';
import type { ModelThatHears } from './client-reading.js';
import type { Recording } from './recordings.js';

const CALL: ChatCall = {
  request: JsonDocument.parse(Buffer.from('{"model":"m","messages":[{"role":"user","content":"Hi"}]}')),
  nativeModel: 'm',
  isStream: true,
  outputLimit: undefined,
  requestId: 'r',
  createdAt: 1,
};

/** What a client of the gateway gets, and what the gateway itself knows of it. */
export interface Replayed {
  readonly sent: Buffer;
  readonly usage: TokenUsage | undefined;
  readonly text: string;
}

/** A client of the gateway. */
export const gatewayClient: ModelThatHears = (fetch) =>
  createOpenAICompatible({ name: 'gateway', baseURL: 'http://gateway', fetch }).chatModel('m');

export function providerOf({ providerId }: Recording): LlmProvider {
  const provider = ALL_PROVIDERS.find(({ id }) => id === providerId);
  if (!provider) throw new Error(`${providerId} is no provider.`);
  return provider;
}

/** Rows for `it.each`: the recordings of one kind. */
export function named(recordings: readonly Recording[], kind: Recording['kind']): [string, Recording][] {
  return recordings.filter((recording) => recording.kind === kind).map((recording) => [recording.name, recording]);
}

/** The bytes that a client gets when the provider's come in pieces of this size. */
export function streamThroughGateway(recording: Recording, size: number): Replayed {
  const provider = providerOf(recording);
  const decoder = provider.dialect.chatStream(CALL, provider);
  const format = new ChatFormat(true).stream();
  const sent: Buffer[] = [];
  for (let at = 0; at < recording.bytes.length; at += size)
    sent.push(...decoder.decode(recording.bytes.subarray(at, at + size), format.rewrite));
  expect(decoder).toMatchObject({ hasContent: true, isTerminated: true, failure: undefined, malformedEvents: 0 });
  sent.push(Buffer.from(format.completed({ bill: billOf(decoder.usage) })));
  return { sent: Buffer.concat(sent), usage: decoder.usage, text: decoder.text() };
}

export function wholeThroughGateway(recording: Recording): Replayed {
  const provider = providerOf(recording);
  const reply = provider.dialect.chatReply(recording.bytes, { ...CALL, isStream: false }, provider);
  const sent = Buffer.from(new ChatFormat(false).whole(reply, { bill: billOf(reply.usage) }), 'latin1');
  return { sent, usage: reply.usage, text: reply.text() };
}

function billOf(usage: TokenUsage | undefined): Bill {
  return { usage: usage ?? NO_TOKENS, source: 'provider', cost: 0n, credits: 0n };
}
