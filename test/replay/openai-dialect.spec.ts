import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatFormat } from '../../src/chat/chat-format.js';
import type { Bill } from '../../src/inference/bill.js';
import { JsonDocument } from '../../src/platform/json/json-document.js';
import { ALL_PROVIDERS } from '../../src/providers/all-providers.js';
import type { ChatCall } from '../../src/providers/dialect.js';
import type { LlmProvider } from '../../src/providers/llm-provider.js';
import { inputTokens, NO_TOKENS, outputTokens, type TokenUsage } from '../../src/providers/token-usage.js';
import { findRecordings, type Recording } from '../support/recordings.js';

/** What a client makes of a reply. */
interface Reading {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly { readonly name: string; readonly input: unknown }[];
  readonly finishReason: string;
  readonly usage: {
    readonly input: number;
    readonly cached: number;
    readonly output: number;
    readonly reasoning: number;
  };
}

const RECORDINGS = findRecordings(ALL_PROVIDERS.map(({ id }) => id));
const PROMPT = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }];
const CALL: ChatCall = {
  request: JsonDocument.parse(Buffer.from('{"model":"m","messages":[{"role":"user","content":"Hi"}]}')),
  nativeModel: 'm',
  isStream: true,
  outputLimit: undefined,
};

const providerOf = ({ providerId }: Recording): LlmProvider => {
  const provider = ALL_PROVIDERS.find(({ id }) => id === providerId);
  if (!provider) throw new Error(`${providerId} is no provider.`);
  return provider;
};
const named = (kind: Recording['kind']) =>
  RECORDINGS.filter((recording) => recording.kind === kind).map((recording) => [recording.name, recording] as const);
const billOf = (usage: TokenUsage | undefined): Bill => ({
  usage: usage ?? NO_TOKENS,
  source: 'provider',
  cost: 0n,
  credits: 0n,
});

/** Jest finds no tests bad, and there are none where nothing was recorded. */
const replay = RECORDINGS.length > 0 ? describe : describe.skip;

replay('a recorded stream', () => {
  it.each(named('stream'))('%s says the same behind the gateway', async (_, recording) => {
    const expected = await readStream(recording.bytes);
    expect(expected.usage.output).toBeGreaterThan(0);
    for (const size of [recording.bytes.length, 1_000, 7]) {
      const { sent, usage, text } = streamThroughGateway(recording, size);
      const reading = await readStream(sent);
      expect(reading).toEqual(expected);
      expect(text).toContain(expected.text);
      expect(metered(usage)).toEqual(asRecorded(recording, expected));
    }
  });
});

replay('a recorded reply', () => {
  it.each(named('whole'))('%s says the same behind the gateway', async (_, recording) => {
    const provider = providerOf(recording);
    const expected = await readWhole(recording.bytes);
    expect(expected.usage.output).toBeGreaterThan(0);
    const reply = provider.dialect.chatReply(recording.bytes, provider);
    const sent = new ChatFormat(false).whole(reply, billOf(reply.usage));
    expect(await readWhole(sent)).toEqual(expected);
    expect(reply.text()).toContain(expected.text);
    expect(metered(reply.usage)).toEqual(asRecorded(recording, expected));
  });
});

replay('a recorded failure', () => {
  it.each(named('failure'))('%s is read with everything it says', (_, recording) => {
    const { error } = JSON.parse(recording.bytes.toString()) as { error: object };
    expect(providerOf(recording).dialect.failure(recording.bytes)).toEqual(error);
  });
});

/** The bytes that a client gets when the provider's come in pieces of this size. */
function streamThroughGateway(recording: Recording, size: number) {
  const provider = providerOf(recording);
  const decoder = provider.dialect.chatStream(CALL, provider);
  const format = new ChatFormat(true).stream();
  const sent: Buffer[] = [];
  for (let at = 0; at < recording.bytes.length; at += size)
    sent.push(...decoder.decode(recording.bytes.subarray(at, at + size), format.rewrite));
  expect(decoder).toMatchObject({ hasContent: true, isTerminated: true, failure: undefined, malformedEvents: 0 });
  sent.push(Buffer.from(format.completed(billOf(decoder.usage))));
  return { sent: Buffer.concat(sent), usage: decoder.usage, text: decoder.text() };
}

function metered(usage = NO_TOKENS) {
  const { cacheRead, reasoning } = usage;
  return { input: inputTokens(usage), cached: cacheRead, reasoning, total: inputTokens(usage) + outputTokens(usage) };
}

/** In the provider's own total: its `completion_tokens` may leave the reasoning out, which the client cannot know. */
function asRecorded({ bytes }: Recording, { usage: { input, cached, reasoning } }: Reading) {
  const total = Number([...bytes.toString().matchAll(/"total_tokens":\s*(\d+)/g)].at(-1)?.[1]);
  return { input, cached, reasoning, total };
}

function modelThatHears(bytes: Buffer, type: string) {
  const fetch = () => Promise.resolve(new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }));
  return createOpenAICompatible({ name: 'recording', baseURL: 'http://recording', fetch }).chatModel('m');
}

async function readStream(bytes: Buffer): Promise<Reading> {
  const { stream } = await modelThatHears(bytes, 'text/event-stream').doStream({ prompt: PROMPT });
  let [text, reasoning] = ['', ''];
  const toolCalls: Reading['toolCalls'][number][] = [];
  let end: Pick<Reading, 'finishReason' | 'usage'> | undefined;
  for await (const part of stream) {
    if (part.type === 'text-delta') text += part.delta;
    if (part.type === 'reasoning-delta') reasoning += part.delta;
    if (part.type === 'tool-call') toolCalls.push({ name: part.toolName, input: JSON.parse(part.input) as unknown });
    if (part.type === 'error') throw part.error;
    if (part.type === 'finish') end = { finishReason: part.finishReason.unified, usage: usageOf(part.usage) };
  }
  if (!end) throw new Error('The stream did not end.');
  return { text, reasoning, toolCalls, ...end };
}

async function readWhole(bytes: Buffer): Promise<Reading> {
  const result = await modelThatHears(bytes, 'application/json').doGenerate({ prompt: PROMPT });
  const { content, finishReason, usage } = result;
  return {
    text: content.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    reasoning: content.map((part) => (part.type === 'reasoning' ? part.text : '')).join(''),
    toolCalls: content.flatMap((part) =>
      part.type === 'tool-call' ? [{ name: part.toolName, input: JSON.parse(part.input) as unknown }] : [],
    ),
    finishReason: finishReason.unified,
    usage: usageOf(usage),
  };
}

interface ClientUsage {
  readonly inputTokens: { readonly total?: number | undefined; readonly cacheRead?: number | undefined };
  readonly outputTokens: { readonly total?: number | undefined; readonly reasoning?: number | undefined };
}

function usageOf({ inputTokens: input, outputTokens: output }: ClientUsage): Reading['usage'] {
  return {
    input: input.total ?? 0,
    cached: input.cacheRead ?? 0,
    output: output.total ?? 0,
    reasoning: output.reasoning ?? 0,
  };
}
