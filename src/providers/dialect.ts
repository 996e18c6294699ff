import type { JsonDocument, JsonObject } from '../platform/json/json-document.js';
import type { TokenUsage } from './token-usage.js';

/** What a provider does differently within its dialect. */
export interface DialectTraits {
  /** Lower case; `<ID>_BASE_URL` overrides `baseUrl`. */
  readonly id: string;
  /** `{model}` stands for the native id. `/chat/completions` unless said otherwise. */
  readonly chatPath?: string;
  /** What `{model}` stands for where it is not the native id: by native id. */
  readonly namesInPath?: ReadonlyMap<string, string>;
  /** It takes no `max_tokens`, only this. */
  readonly maxTokensParameter?: 'max_completion_tokens';
  /** It refuses `stream_options`, and sends usage unasked or never. */
  readonly refusesStreamOptions?: true;
  /** Where chunks of a stream carry usage, when not in `usage`. */
  readonly usageAt?: readonly [string, string];
  /** Its `completion_tokens` leave the reasoning tokens out. */
  readonly countsReasoningApart?: true;
  /** It takes OpenRouter's `reasoning: { effort, max_tokens, … }` as it is. */
  readonly takesReasoningObject?: true;
  /** Members of a chat request that it refuses although its dialect has them; they are left out. */
  readonly refusesParameters?: readonly string[];
}

/** One chat call as a dialect gets it: OpenAI's request, and which of the provider's models is to answer. */
export interface ChatCall {
  readonly request: JsonDocument;
  readonly nativeModel: string;
  readonly isStream: boolean;
  /** The most that the model may write in all its choices, when the caller's credits or limits afford less than it asked for. */
  readonly outputLimit: number | undefined;
  /** For dialects whose replies have no id of their own. */
  readonly requestId: string;
  /** Seconds since 1970, for dialects whose replies do not say when. */
  readonly createdAt: number;
}

export interface UpstreamBody {
  readonly path: string;
  readonly body: Buffer;
}

/** A whole reply in OpenAI's shape. */
export interface ChatReply {
  readonly document: JsonDocument;
  readonly usage: TokenUsage | undefined;
  /** Everything that the model wrote; asked for only when tokens must be counted. */
  readonly text: () => string;
}

/** An event of a stream in OpenAI's shape, `chat.completion.chunk`. */
export type ChatChunk = JsonObject;

/**
 * Decides what the client gets of a chunk: the very same object when nothing needs to change, another one, or nothing.
 * A chunk that holds only text must not change what the rewriter does with later ones, once its choice has begun:
 * decoders rely on it to rewrite alike events without looking at each.
 */
export type ChunkRewriter = (chunk: ChatChunk) => ChatChunk | undefined;

/** What a provider says of its own failure, in OpenAI's words. */
export interface FailureDetails {
  readonly message: string;
  readonly type: string | null;
  readonly code: string | null;
  readonly param: string | null;
  /** How long it asks us to wait, where it says so in the body. */
  readonly retryAfterMs?: number;
  /** Whatever its status says, it is our own account there that is at fault. */
  readonly isAccountTrouble?: true;
}

/** Reads one stream. It is fed bytes as they come and gives back the bytes that are ready for the client. */
export interface ChatStreamDecoder {
  decode(bytes: Buffer, rewrite: ChunkRewriter): Buffer[];
  /** Something that the caller waited for has come: text, a tool call, a refusal, the reason of the end. */
  readonly hasContent: boolean;
  /** The provider said that this is the end. Without it the end of the bytes is a cut. */
  readonly isTerminated: boolean;
  /** Nothing that matters can follow. */
  readonly isOver: boolean;
  /** The last figures that the provider gave. */
  readonly usage: TokenUsage | undefined;
  /** The provider reported a failure inside the stream. */
  readonly failure: FailureDetails | undefined;
  /** Events that could not be read, and were left out. */
  readonly malformedEvents: number;
  /** About how many tokens the model wrote so far. Costs nothing to ask. */
  readonly writtenTokens: number;
  /** Everything that the model wrote so far. */
  text(): string;
}

/** What a provider's own list says of a model; what it does not say is undefined. */
export interface DiscoveredModel {
  readonly nativeId: string;
  readonly name?: string | undefined;
  /** Seconds since 1970. */
  readonly created: number | undefined;
  readonly contextLength: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  /** `text`, `image`, `audio`, `file`, `video`. */
  readonly inputModalities?: readonly string[] | undefined;
  readonly outputModalities?: readonly string[] | undefined;
  /** Members of OpenAI's chat request. */
  readonly supportedParameters?: readonly string[] | undefined;
}

/** How a provider is spoken to. Pure: no I/O, no clock, no log. */
export interface Dialect {
  readonly chatRequest: (call: ChatCall, provider: DialectTraits) => UpstreamBody;
  /**
   * What of a chat request (`tools`, `logit_bias`, …) this provider would not get: it has no word for it, or refuses it.
   * Names of top-level members, each once.
   */
  readonly dropped: (request: JsonObject, provider: DialectTraits) => readonly string[];
  /** @throws UndecodableReplyError, InBandFailureError */
  readonly chatReply: (bytes: Buffer, call: ChatCall, provider: DialectTraits) => ChatReply;
  readonly chatStream: (call: ChatCall, provider: DialectTraits) => ChatStreamDecoder;
  readonly failure: (body: Buffer) => FailureDetails | undefined;
  /** @throws UndecodableReplyError */
  readonly models: (body: Buffer) => DiscoveredModel[];
}
