import { parseSchedule } from './behaviour.js';
import { chatIn } from './chat.js';
import { type Exchange, Gone } from './exchange.js';
import { CONTEXT_LENGTH, findModel, namesOf, type ModelAliases } from './models.js';
import { readJson } from './read-json.js';
import { Refusal, modelNotFound } from './refusal.js';
import type { SandboxState } from './state.js';
import { anthropicTongue } from './tongues/anthropic-tongue.js';
import { geminiTongue } from './tongues/gemini-tongue.js';
import { openAiTongue } from './tongues/openai-tongue.js';
import type { Tongue } from './tongues/tongue.js';

type Route = (exchange: Exchange, state: SandboxState) => void | Promise<void>;

const MODEL_PATH = '/v1/models/';
const GENERATE = /^POST \/v1beta\/models\/[^/]+:(?:streamG|g)enerateContent$/;

const ROUTES: Readonly<Record<string, Route>> = {
  'POST /v1/chat/completions': chatIn(openAiTongue),
  'POST /v1/messages': chatIn(anthropicTongue),
  'GET /v1/models': (exchange, state) => {
    sendJson(exchange, modelList(exchange, state));
  },
  'GET /v1beta/models': (exchange, { aliases }) => {
    sendJson(exchange, { models: namesOf(aliases).map(geminiCard) });
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
    if (path.startsWith('/v1')) admit(exchange, state);
    await routeFor(`${method} ${path}`)(exchange, state);
  } catch (error) {
    if (error instanceof Gone) return;
    const refusal = error instanceof Refusal ? error : new Refusal(500, String(error), { code: 'sandbox_bug' });
    exchange.send(refusal.status, tongueOf(path).refusal(refusal));
  }
}

function admit({ request }: Exchange, { apiKey }: SandboxState): void {
  const { authorization, 'x-api-key': ofAnthropic, 'x-goog-api-key': ofGoogle } = request.headers;
  if (apiKey === undefined || authorization === `Bearer ${apiKey}` || [ofAnthropic, ofGoogle].includes(apiKey)) return;
  throw new Refusal(401, 'Incorrect API key provided.', { code: 'invalid_api_key' });
}

function routeFor(methodAndPath: string): Route {
  const route = ROUTES[methodAndPath];
  if (route) return route;
  if (methodAndPath.startsWith(`GET ${MODEL_PATH}`)) return describeModel;
  if (GENERATE.test(methodAndPath)) return chatIn(geminiTongue);
  return () => {
    throw new Refusal(404, `Unknown request URL: ${methodAndPath}.`, { code: 'unknown_url' });
  };
}

/** Whose words a path is answered in. */
function tongueOf(path: string): Tongue {
  if (path.startsWith('/v1beta/')) return geminiTongue;
  return path === '/v1/messages' ? anthropicTongue : openAiTongue;
}

/** Anthropic's clients say which version of its API they speak; its list has another form. */
function modelList({ request }: Exchange, { aliases }: SandboxState): object {
  if (request.headers['anthropic-version'] === undefined) return { object: 'list', data: openAiCards(aliases) };
  const data = namesOf(aliases).map((id) => ({
    type: 'model',
    id,
    display_name: id,
    created_at: '2026-01-01T00:00:00Z',
  }));
  return { data, has_more: false };
}

function openAiCards(aliases: ModelAliases): object[] {
  return namesOf(aliases).map((id) => ({ ...findModel(id, aliases), id }));
}

function geminiCard(id: string): object {
  return {
    name: `models/${id}`,
    inputTokenLimit: CONTEXT_LENGTH,
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent'],
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
