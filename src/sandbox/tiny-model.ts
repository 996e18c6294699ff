import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Behaviour } from './behaviour.js';
import { type ChatRequest, readChatRequest } from './chat-request.js';
import { complete } from './completion.js';
import type { Envelope } from './envelope.js';
import { plainReply } from './plain-reply.js';
import { streamEvents } from './stream-events.js';
import { STREAM_HEADERS, encode } from './stream-writer.js';

/** Its replies are made once, so their id, time and prompt tokens are always the same. */
const ENVELOPE: Envelope = { id: 'chatcmpl-sandbox-tiny', created: 1_767_225_600, model: 'tiny-1' };
const QUESTION = { model: 'tiny-1', messages: [{ role: 'user', content: 'What are you?' }] };

const REPLY = plainReply(answerTo(readChatRequest(QUESTION), {}));
const REPLY_HEADERS = ['content-type', 'application/json', 'content-length', String(REPLY.length)];

const MODEL = '"model":';
const TINY = '"tiny-1"';

const streams = new Map<string, readonly string[]>();
const MOST_STREAMS = 32;

/**
 * Answers a plain request for `tiny-1` without parsing it. A quotation mark within a JSON string has a backslash
 * before it, so these needles are found only where they are names of members.
 *
 * @returns Whether it was such a request.
 */
export function answerAtOnce(request: IncomingMessage, response: ServerResponse, body: Buffer): boolean {
  if (request.url !== '/v1/chat/completions' || request.method !== 'POST') return false;
  if (request.headers['x-sandbox'] !== undefined || !asksTinyForPlainReply(body)) return false;
  response.writeHead(200, REPLY_HEADERS);
  response.end(REPLY, 'latin1');
  return true;
}

/** Writes a faultless stream of `tiny-1`, made once for each number of chunks. */
export function streamAtOnce(response: ServerResponse, request: ChatRequest, chunks: number | undefined): void {
  response.writeHead(200, STREAM_HEADERS);
  for (const text of preparedStream(request.includesUsage, chunks)) response.write(text, 'latin1');
  response.end();
}

/** Whether the behaviour leaves everything but the number of chunks as it is. */
export function isPlainTiny(request: ChatRequest, behaviour: Behaviour): boolean {
  const isUndisturbed = Object.keys(behaviour).every((setting) => setting === 'chunks');
  return request.model === 'tiny-1' && request.isStream && isUndisturbed;
}

function asksTinyForPlainReply(body: Buffer): boolean {
  const start = body.indexOf(MODEL);
  const end = start + MODEL.length;
  if (start < 0 || body.toString('latin1', end, end + TINY.length) !== TINY || body.includes(MODEL, end)) return false;
  return !body.includes('"stream":true') && !body.includes('"sandbox"');
}

function preparedStream(includesUsage: boolean, chunks: number | undefined): readonly string[] {
  const key = `${includesUsage} ${chunks ?? ''}`;
  const known = streams.get(key);
  if (known) return known;
  const request = readChatRequest({ ...QUESTION, stream: true, stream_options: { include_usage: includesUsage } });
  const events = streamEvents(answerTo(request, chunks === undefined ? {} : { chunks }));
  const texts = events.flatMap((event) => encode(event, {})).map(String);
  if (streams.size >= MOST_STREAMS) streams.clear();
  streams.set(key, texts);
  return texts;
}

function answerTo(request: ChatRequest, behaviour: Behaviour): Parameters<typeof plainReply>[0] {
  return { request, behaviour, completion: complete(request, behaviour), envelope: ENVELOPE };
}
