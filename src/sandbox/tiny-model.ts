import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.js';
import type { Behaviour } from './behaviour.js';
import { type ChatRequest, readChatRequest } from './chat-request.js';
import { complete } from './completion.js';
import type { Envelope } from './envelope.js';
import { STREAM_HEADERS, encode } from './stream-writer.js';
import type { Tongue } from './tongues/tongue.js';

/** Its replies are made once, so their id, time and prompt tokens are always the same. */
const ENVELOPE: Envelope = { id: 'chatcmpl-sandbox-tiny', created: 1_767_225_600, model: 'tiny-1' };
const QUESTION = { model: 'tiny-1', messages: [{ role: 'user', content: 'What are you?' }] };

/** What `tiny-1` says in one API. */
interface Prepared {
  readonly plain: string;
  readonly head: string[];
  /** By what they were asked to be. */
  readonly streams: Map<string, readonly string[]>;
}

const MOST_STREAMS = 32;
const prepared = new Map<Tongue, Prepared>();

/** The last plain question to `tiny-1`. A benchmark sends one body again and again. */
let last: { readonly url: string | undefined; readonly body: Buffer; readonly reply: Prepared } | undefined;

/** @returns Whether the body was known from the last time, and has been answered without being parsed. */
export function answeredFromMemory(request: IncomingMessage, response: ServerResponse, body: Buffer): boolean {
  if (request.method !== 'POST' || request.headers['x-sandbox'] !== undefined) return false;
  if (!last || request.url !== last.url || !body.equals(last.body)) return false;
  sendPlain(response, last.reply);
  return true;
}

/** Whether the request gets a reply that has been made already: only the number of chunks may be asked for. */
export function isPreparedFor(request: ChatRequest, behaviour: Behaviour): boolean {
  return request.model === 'tiny-1' && Object.keys(behaviour).every((setting) => setting === 'chunks');
}

/** Sends the reply that has been made already. */
export function sendPrepared(
  response: ServerResponse,
  { tongue, request, behaviour }: Pick<Answer, 'request' | 'behaviour'> & { readonly tongue: Tongue },
): void {
  if (!request.isStream) {
    sendPlain(response, preparedIn(tongue));
    return;
  }
  response.writeHead(200, STREAM_HEADERS);
  for (const text of preparedStream(tongue, request.includesUsage, behaviour.chunks)) response.write(text, 'latin1');
  response.end();
}

/** The caller vouches that nothing but the body decided how it was answered, and that this was with the plain reply. */
export function remember({ url }: IncomingMessage, body: Buffer, tongue: Tongue): void {
  last = { url, body, reply: preparedIn(tongue) };
}

function sendPlain(response: ServerResponse, { head, plain }: Prepared): void {
  response.writeHead(200, head);
  response.end(plain, 'latin1');
}

function preparedIn(tongue: Tongue): Prepared {
  const known = prepared.get(tongue);
  if (known) return known;
  const plain = tongue.plain(answerTo(readChatRequest(QUESTION, {}), {}));
  const head = ['content-type', 'application/json', 'content-length', String(plain.length)];
  const made = { plain, head, streams: new Map<string, readonly string[]>() };
  prepared.set(tongue, made);
  return made;
}

function preparedStream(tongue: Tongue, includesUsage: boolean, chunks: number | undefined): readonly string[] {
  const { streams } = preparedIn(tongue);
  const key = `${includesUsage} ${chunks ?? ''}`;
  const known = streams.get(key);
  if (known) return known;
  const request = readChatRequest({ ...QUESTION, stream: true, stream_options: { include_usage: includesUsage } }, {});
  const events = tongue.events(answerTo(request, chunks === undefined ? {} : { chunks }));
  const texts = events.flatMap((event) => encode(event, {})).map(String);
  if (streams.size >= MOST_STREAMS) streams.clear();
  streams.set(key, texts);
  return texts;
}

function answerTo(request: ChatRequest, behaviour: Behaviour): Answer {
  return { request, behaviour, completion: complete(request, behaviour), envelope: ENVELOPE };
}
