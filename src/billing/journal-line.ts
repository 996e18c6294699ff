import { formatDollars, type NanoDollars } from '../platform/money/nano-dollars.js';
import type { UsageRecord } from './usage-record.js';

/** A usage record as the journal holds it and the database takes it: named like the columns, money as text. */
export interface JournalLine {
  readonly id: string;
  readonly user_id: string;
  readonly api_key_id: string;
  readonly model_id: string;
  readonly provider_id: string;
  readonly endpoint: string;
  readonly status: string;
  readonly streamed: boolean;
  readonly attempts: number;
  readonly input_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  readonly output_tokens: number;
  readonly reasoning_tokens: number;
  readonly audio_input_tokens: number;
  readonly audio_output_tokens: number;
  readonly token_source: string;
  readonly credits_used: string;
  readonly cost: string;
  readonly duration_ms: number;
  readonly first_token_ms?: number | null | undefined;
  readonly trace?: unknown;
  readonly timestamp: string;
}

/** The line but for what the caller pays, which is known only when it is written. */
export function toJournalLine(record: UsageRecord): string {
  const { usage } = record;
  const line: Omit<JournalLine, 'credits_used'> = {
    id: record.requestId,
    user_id: record.userId,
    api_key_id: record.apiKeyId,
    model_id: record.modelId,
    provider_id: record.providerId,
    endpoint: record.endpoint,
    status: record.status,
    streamed: record.isStream,
    attempts: record.attempts,
    input_tokens: usage.input,
    cache_read_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite + usage.cacheWriteHour,
    output_tokens: usage.output,
    reasoning_tokens: usage.reasoning,
    audio_input_tokens: usage.audioInput,
    audio_output_tokens: usage.audioOutput,
    token_source: record.tokenSource,
    cost: formatDollars(record.cost),
    duration_ms: Math.round(record.durationMs),
    first_token_ms: record.firstTokenMs === undefined ? undefined : Math.round(record.firstTokenMs),
    trace: record.trace,
    timestamp: isoTime(record.endedAt),
  };
  return JSON.stringify(line);
}

let lastTime = { at: NaN, text: '' };

/** Calls of a busy gateway end many to the millisecond, and its text is a fifth of what a line costs. */
function isoTime(at: number): string {
  if (at !== lastTime.at) lastTime = { at, text: new Date(at).toISOString() };
  return lastTime.text;
}

export function withCredits(line: string, charged: NanoDollars): string {
  return `${line.slice(0, -1)},"credits_used":"${formatDollars(charged)}"}`;
}

/** What only the line of this call begins with. */
export function beginsLineOf(requestId: string): string {
  return `{"id":${JSON.stringify(requestId)},`;
}

/** What a line says of whom to charge how much. */
export type Debit = Pick<JournalLine, 'id' | 'user_id' | 'credits_used'>;

/** As `toJournalLine` begins a line, and `withCredits` ends it. */
const DEBIT = /^\{"id":"([^"\\]+)","user_id":"([^"\\]+)".*,"credits_used":"([\d.]+)"\}$/s;

/** Reads it without parsing all of the line, which every call pays for. */
export function readDebit(line: string): Debit {
  const [, id, userId, credits] = DEBIT.exec(line) ?? [];
  if (id === undefined || userId === undefined || credits === undefined) return JSON.parse(line) as JournalLine;
  return { id, user_id: userId, credits_used: credits };
}
