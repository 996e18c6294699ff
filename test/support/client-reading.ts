import type { LanguageModelV4, LanguageModelV4ToolCall } from '@ai-sdk/provider';

/** What a client makes of a reply. */
export interface Reading {
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

/** A provider package of the AI SDK, made with a `fetch` that answers with given bytes. */
export type ModelThatHears = (fetch: () => Promise<Response>) => LanguageModelV4;

const PROMPT = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }];

/** @throws what the stream reports, and when it does not end */
export async function readStream(
  model: ModelThatHears,
  bytes: Buffer,
  contentType = 'text/event-stream',
): Promise<Reading> {
  const { stream } = await model(answering(bytes, contentType)).doStream({ prompt: PROMPT });
  let [text, reasoning] = ['', ''];
  const toolCalls: Reading['toolCalls'][number][] = [];
  let end: Pick<Reading, 'finishReason' | 'usage'> | undefined;
  for await (const part of stream) {
    if (part.type === 'text-delta') text += part.delta;
    if (part.type === 'reasoning-delta') reasoning += part.delta;
    if (isForTheClient(part)) toolCalls.push({ name: part.toolName, input: JSON.parse(part.input) as unknown });
    if (part.type === 'error') throw part.error;
    if (part.type === 'finish') end = { finishReason: part.finishReason.unified, usage: usageOf(part.usage) };
  }
  if (!end) throw new Error('The stream did not end.');
  return { text, reasoning, toolCalls, ...end };
}

export async function readWhole(model: ModelThatHears, bytes: Buffer): Promise<Reading> {
  const result = await model(answering(bytes, 'application/json')).doGenerate({ prompt: PROMPT });
  const { content, finishReason, usage } = result;
  return {
    text: content.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    reasoning: content.map((part) => (part.type === 'reasoning' ? part.text : '')).join(''),
    toolCalls: content.flatMap((part) =>
      isForTheClient(part) ? [{ name: part.toolName, input: JSON.parse(part.input) as unknown }] : [],
    ),
    finishReason: finishReason.unified,
    usage: usageOf(usage),
  };
}

/** A tool that ran at the provider is no call for the client to answer. */
function isForTheClient<Part extends { type: string }>(part: Part): part is Extract<Part, LanguageModelV4ToolCall> {
  return part.type === 'tool-call' && !('providerExecuted' in part && part.providerExecuted === true);
}

function answering(bytes: Buffer, type: string): () => Promise<Response> {
  return () => Promise.resolve(new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }));
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
