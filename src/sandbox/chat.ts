import { type Behaviour, parseBehaviour, parseBehaviourHeader } from './behaviour.js';
import { readChatRequest } from './chat-request.js';
import { complete } from './completion.js';
import { newEnvelope } from './envelope.js';
import type { Exchange } from './exchange.js';
import { failedAtTheHead } from './head-faults.js';
import { memberOf } from './json.js';
import { plainReply } from './plain-reply.js';
import { playPlain } from './plain-writer.js';
import { readJson } from './read-json.js';
import type { SandboxState } from './state.js';
import { streamEvents } from './stream-events.js';
import { disturbed } from './stream-faults.js';
import { playStream } from './stream-writer.js';
import { isPreparedFor, remember, sendPrepared } from './tiny-model.js';

/** `POST /v1/chat/completions`. */
export async function chat(exchange: Exchange, state: SandboxState): Promise<void> {
  const scheduled = state.schedule.shift();
  const body = readJson(exchange.body);
  const behaviour = { ...behaviourOf(exchange, body), ...scheduled };
  await exchange.wait(behaviour.latency_ms);
  if (failedAtTheHead(exchange, behaviour)) return;
  const request = readChatRequest(body);
  if (isPreparedFor(request, behaviour)) {
    if (!request.isStream && !scheduled) remember(exchange.body);
    sendPrepared(exchange.response, request, behaviour);
    return;
  }
  const completion = complete(request, behaviour);
  const answer = { request, behaviour, completion, envelope: newEnvelope(request) };
  if (!request.isStream) {
    await playPlain(exchange, plainReply(answer), behaviour);
    return;
  }
  await playStream(exchange, disturbed(streamEvents(answer), behaviour, completion.usage), behaviour);
}

/** What the request itself asks for; the header outranks the body, and a schedule outranks both. */
function behaviourOf({ request }: Exchange, body: unknown): Behaviour {
  const header = request.headers['x-sandbox'];
  return {
    ...parseBehaviour(memberOf(body, 'sandbox')),
    ...(typeof header === 'string' && parseBehaviourHeader(header)),
  };
}
