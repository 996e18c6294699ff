import { parseSchedule } from './behaviour.js';
import { chat } from './chat.js';
import { type Exchange, Gone } from './exchange.js';
import { MODEL_CARDS, findModel } from './models.js';
import { readJson } from './read-json.js';
import { Refusal, modelNotFound } from './refusal.js';
import type { SandboxState } from './state.js';

type Route = (exchange: Exchange, state: SandboxState) => void | Promise<void>;

const MODEL_PATH = '/v1/models/';

const ROUTES: Readonly<Record<string, Route>> = {
  'POST /v1/chat/completions': chat,
  'GET /v1/models': (exchange) => {
    sendJson(exchange, { object: 'list', data: MODEL_CARDS });
  },
  'GET /health': (exchange) => {
    sendJson(exchange, { status: 'ok', simulated: true });
  },
  'POST /sandbox/schedule': (exchange, { schedule }) => {
    schedule.push(...parseSchedule(readJson(exchange.body)));
    sendJson(exchange, { scheduled: schedule.length });
  },
  'DELETE /sandbox/schedule': (exchange, { schedule }) => {
    schedule.length = 0;
    sendJson(exchange, { scheduled: 0 });
  },
  'GET /sandbox/requests': (exchange, { log }) => {
    sendJson(exchange, { requests: log.list() });
  },
  'DELETE /sandbox/requests': (exchange, { log }) => {
    log.clear();
    sendJson(exchange, { requests: [] });
  },
  'GET /sandbox/connections': (exchange, { openSockets }) => {
    sendJson(exchange, { open: openSockets() });
  },
};

/** Answers one request, whatever it is; a failure of the sandbox itself is a 500 that says what failed. */
export async function answer(exchange: Exchange, state: SandboxState): Promise<void> {
  const { method = '', url = '' } = exchange.request;
  const [path = ''] = url.split('?');
  try {
    if (path.startsWith('/v1/')) admit(exchange, state);
    await routeFor(`${method} ${path}`)(exchange, state);
  } catch (error) {
    if (error instanceof Gone) return;
    const refusal = error instanceof Refusal ? error : new Refusal(500, String(error), { code: 'sandbox_bug' });
    exchange.send(refusal.status, refusal.body);
  }
}

function admit({ request }: Exchange, { apiKey }: SandboxState): void {
  if (apiKey === undefined || request.headers.authorization === `Bearer ${apiKey}`) return;
  throw new Refusal(401, 'Incorrect API key provided.', { code: 'invalid_api_key' });
}

function routeFor(methodAndPath: string): Route {
  const route = ROUTES[methodAndPath];
  if (route) return route;
  if (methodAndPath.startsWith(`GET ${MODEL_PATH}`)) return describeModel;
  return () => {
    throw new Refusal(404, `Unknown request URL: ${methodAndPath}.`, { code: 'unknown_url' });
  };
}

function describeModel(exchange: Exchange): void {
  const id = decodeURIComponent((exchange.request.url ?? '').split('?')[0]?.slice(MODEL_PATH.length) ?? '');
  const card = findModel(id);
  if (!card) throw modelNotFound(id);
  sendJson(exchange, card);
}

function sendJson(exchange: Exchange, value: unknown): void {
  exchange.send(200, JSON.stringify(value));
}
