import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.js';
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

const REPLY = plainReply(answerTo(readChatRequest(QUESTION, {}), {}));
const REPLY_HEADERS = ['content-type', 'application/json', 'content-length', String(REPLY.length)];

const streams = new Map<string, readonly string[]>();
const MOST_STREAMS = 32;

/** The last body that turned out to be a plain question to `tiny-1`. A benchmark sends one body again and again. */
let lastQuestion: Buffer = Buffer.alloc(0);

/** @returns Whether the body was known from the last time, and has been answered without being parsed. */
export function answeredFromMemory(request: IncomingMessage, response: ServerResponse, body: Buffer): boolean {
  if (request.url !== '/v1/chat/completions' || request.method !== 'POST' || body.length === 0) return false;
  if (request.headers['x-sandbox'] !== undefined || !body.equals(lastQuestion)) return false;
  sendPlain(response);
  return true;
}

/** Whether the request gets a reply that has been made already: only the number of chunks may be asked for. */
export function isPreparedFor(request: ChatRequest, behaviour: Behaviour): boolean {
  return request.model === 'tiny-1' && Object.keys(behaviour).every((setting) => setting === 'chunks');
}

/** Sends the reply that has been made already. */
export function sendPrepared(response: ServerResponse, request: ChatRequest, behaviour: Behaviour): void {
  if (!request.isStream) {
    sendPlain(response);
    return;
  }
  response.writeHead(200, STREAM_HEADERS);
  for (const text of preparedStream(request.includesUsage, behaviour.chunks)) response.write(text, 'latin1');
  response.end();
}

/** The caller vouches that nothing but the body decided how it was answered, and that this was with the plain reply. */
export function remember(question: Buffer): void {
  lastQuestion = question;
}

function sendPlain(response: ServerResponse): void {
  response.writeHead(200, REPLY_HEADERS);
  response.end(REPLY, 'latin1');
}

function preparedStream(includesUsage: boolean, chunks: number | undefined): readonly string[] {
  const key = `${includesUsage} ${chunks ?? ''}`;
  const known = streams.get(key);
  if (known) return known;
  const request = readChatRequest({ ...QUESTION, stream: true, stream_options: { include_usage: includesUsage } }, {});
  const events = streamEvents(answerTo(request, chunks === undefined ? {} : { chunks }));
  const texts = events.flatMap((event) => encode(event, {})).map(String);
  if (streams.size >= MOST_STREAMS) streams.clear();
  streams.set(key, texts);
  return texts;
}

function answerTo(request: ChatRequest, behaviour: Behaviour): Answer {
  return { request, behaviour, completion: complete(request, behaviour), envelope: ENVELOPE };
}
