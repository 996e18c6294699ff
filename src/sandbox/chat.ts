import type { Answer } from './answer.js';
import { type Behaviour, parseBehaviour, parseBehaviourHeader } from './behaviour.js';
import { complete } from './completion.js';
import { newEnvelope } from './envelope.js';
import type { Exchange } from './exchange.js';
import { failedAtTheHead } from './head-faults.js';
import { memberOf } from './json.js';
import { playPlain } from './plain-writer.js';
import { readJson } from './read-json.js';
import type { SandboxState } from './state.js';
import { disturbed } from './stream-faults.js';
import { playStream } from './stream-writer.js';
import type { Tongue } from './tongues/tongue.js';
import { isPreparedFor, remember, sendPrepared } from './tiny-model.js';

/** Answers a chat request in the API in which it was asked. */
export function chatIn(tongue: Tongue): (exchange: Exchange, state: SandboxState) => Promise<void> {
  return async (exchange, state) => {
    const scheduled = state.schedule.shift();
    const body = readJson(exchange.body);
    const behaviour = { ...state.usual, ...behaviourOf(exchange, body), ...scheduled };
    await exchange.wait(behaviour.latency_ms);
    if (failedAtTheHead(exchange, behaviour, tongue)) return;
    const [path = ''] = (exchange.request.url ?? '').split('?');
    const request = tongue.read({ body, path, aliases: state.aliases });
    if (isPreparedFor(request, behaviour)) {
      if (!request.isStream && !scheduled) remember(exchange.request, exchange.body, tongue);
      sendPrepared(exchange.response, { tongue, request, behaviour });
      return;
    }
    const completion = complete(request, behaviour);
    await play(exchange, { request, behaviour, completion, envelope: newEnvelope(request) }, tongue);
  };
}

async function play(exchange: Exchange, answer: Answer, tongue: Tongue): Promise<void> {
  const { request, behaviour, completion } = answer;
  if (request.isStream) {
    const told = { usage: completion.usage, failure: tongue.failure };
    await playStream(exchange, disturbed(tongue.events(answer), behaviour, told), behaviour);
    return;
  }
  await playPlain(exchange, plainBody(answer, tongue), behaviour);
}

/** The reply with those faults that change what it says, in whatever API. */
function plainBody(answer: Answer, { plain, failure }: Tongue): string {
  const { fault } = answer.behaviour;
  if (fault === 'error_frame') return failure.data;
  const body = plain(answer);
  return fault === 'malformed' || fault === 'end_early' ? body.slice(0, body.length >> 1) : body;
}

/** What the request itself asks for; the header outranks the body, and a schedule outranks both. */
function behaviourOf({ request }: Exchange, body: unknown): Behaviour {
  const header = request.headers['x-sandbox'];
  return {
    ...parseBehaviour(memberOf(body, 'sandbox')),
    ...(typeof header === 'string' && parseBehaviourHeader(header)),
  };
}
