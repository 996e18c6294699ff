import {
  dollars,
  milliseconds,
  namedUrls,
  oneOf,
  optionalText,
  optionalUrl,
  text,
  trustedProxies,
  urlOrOff,
  wholeNumber,
} from './knob.js';
import { OBSERVATION_KNOBS } from './observation-knobs.js';

const MEBIBYTE = 1024 * 1024;

/**
 * Every setting of the gateway. `.env.example` shows the same list, and a test compares the two.
 * The keys and base URLs of providers are named by the providers' own data (see `provider-settings.ts`).
 */
export const KNOBS = {
  NODE_ENV: oneOf(['development', 'production', 'test'], {
    fallback: 'development',
    why: 'In production no sandbox is started and no key is ever printed for it.',
  }),
  HOST: text({ fallback: '0.0.0.0', why: 'The address to listen on.' }),
  PORT: wholeNumber({ fallback: 8000, min: 0, max: 65_535, why: 'The port to listen on; 0 takes any free one.' }),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    fallback: 'info',
    why: 'At info there is one line a request.',
  }),
  LOG_BUFFER_BYTES: wholeNumber({
    fallback: 4 * MEBIBYTE,
    min: 65_536,
    max: 1024 * MEBIBYTE,
    why: 'Log lines that may wait for a slow reader of the output; beyond it they are dropped and counted.',
  }),
  BODY_LIMIT_BYTES: wholeNumber({
    fallback: 20 * MEBIBYTE,
    min: 1024,
    max: 1024 * MEBIBYTE,
    why: 'The largest request body; a larger one is answered 413.',
  }),
  SHUTDOWN_GRACE_MS: milliseconds({
    fallback: 25_000,
    why: 'How long calls under way may go on after SIGTERM; below the 30 s that Kubernetes waits.',
  }),

  GATEWAYZ_DATA_DIR: text({
    fallback: '.gatewayz',
    why: 'Where the embedded database, the journal and generated secrets live.',
  }),
  SUPABASE_URL: optionalUrl(['http:', 'https:'], 'A hosted or self-hosted Supabase; needs SUPABASE_SECRET_KEY.'),
  SUPABASE_SECRET_KEY: optionalText({ why: 'The secret (service role) key of that Supabase.' }),
  DATABASE_URL: optionalUrl(
    ['postgres:', 'postgresql:'],
    'Any PostgreSQL instead of Supabase, served by @supabase/lite.',
  ),
  DATABASE_TIMEOUT_MS: milliseconds({ fallback: 5_000, min: 100, why: 'How long one database call may take.' }),
  DATABASE_HANG_TIMEOUT_MS: milliseconds({
    fallback: 120_000,
    min: 1_000,
    why: 'How long the embedded database may be silent before it is started anew.',
  }),
  API_KEY_PEPPER: optionalText({
    minLength: 32,
    why: 'Secret that API keys are hashed with. Generated into the data directory for the embedded database; with any other it must be set, and be the same on every gateway.',
  }),

  REDIS_URL: optionalUrl(
    ['redis:', 'rediss:'],
    'Makes several gateways act as one: limits, holds, revocations and the journal. Without it each gateway keeps its own.',
  ),
  REDIS_TIMEOUT_MS: milliseconds({
    fallback: 1_000,
    min: 10,
    why: 'How long one Redis call may take before Redis counts as away.',
  }),

  REDIS_FAILURE: oneOf(['closed', 'open'], {
    fallback: 'closed',
    why: 'While a configured Redis is away: refuse calls (503), or let each gateway admit them by its own count, which several gateways can exceed together.',
  }),

  ADMISSION_LEASE_MS: milliseconds({
    fallback: 60_000,
    min: 1_000,
    why: 'How long what a call holds in Redis outlives a gateway that died; running calls renew it.',
  }),
  AUTH_STALE_MS: milliseconds({
    fallback: 3_600_000,
    why: 'How long keys that a gateway knows keep working while the database is away.',
  }),
  SESSION_TTL_MS: milliseconds({
    fallback: 7 * 86_400_000,
    min: 60_000,
    max: 366 * 86_400_000,
    why: 'How long somebody stays logged in without coming back.',
  }),
  LOGINS_PER_MINUTE: wholeNumber({
    fallback: 10,
    min: 1,
    max: 10_000,
    why: 'Logins and registrations that one address, and logins that one e-mail, may try.',
  }),
  SIGNUP_CREDITS: dollars({ fallback: '0', why: 'Credits in dollars that a new account begins with.' }),
  TRUST_PROXY: trustedProxies(
    'Whose x-forwarded-for tells the address of a client: false, the number of proxies in front, or their addresses.',
  ),

  JOURNAL_SYNC: oneOf(['process', 'disk'], {
    fallback: 'process',
    why: 'What a usage record survives before the reply ends: a crash of the process, or also one of the machine (slower).',
  }),
  SETTLEMENT_INTERVAL_MS: milliseconds({
    fallback: 1_000,
    min: 10,
    why: 'How often usage records move from the journal to the database.',
  }),

  RETRY_PERCENT: wholeNumber({
    fallback: 20,
    min: 0,
    max: 1_000,
    why: 'How many second attempts all calls together may make for each hundred first ones; this stops storms.',
  }),
  RETRIES_PER_SECOND: wholeNumber({
    fallback: 10,
    min: 1,
    max: 100_000,
    why: 'Second attempts that are always allowed, so that a quiet gateway still goes through every provider.',
  }),
  HEDGING: oneOf(['off', 'on'], {
    fallback: 'off',
    why: 'Ask a second provider when the first token is later than 95 % of those of the first one, and than 100 ms; both are paid for.',
  }),

  BREAKER_WINDOW_MS: milliseconds({
    fallback: 30_000,
    min: 1_000,
    why: 'How far back a circuit breaker counts how attempts at an offer ended.',
  }),
  BREAKER_MINIMUM: wholeNumber({ fallback: 10, min: 1, max: 10_000, why: 'Fewer attempts than that open no breaker.' }),
  BREAKER_FAULT_PERCENT: wholeNumber({
    fallback: 50,
    min: 1,
    max: 100,
    why: 'So many of the attempts must have failed by the fault of the provider for its breaker to open.',
  }),
  BREAKER_FAULTS_IN_ROW: wholeNumber({
    fallback: 5,
    min: 1,
    max: 10_000,
    why: 'So many faults without a success between them open the breaker at once.',
  }),
  BREAKER_OPEN_MS: milliseconds({
    fallback: 5_000,
    min: 10,
    why: 'How long a breaker stays open at first; each failed probe doubles it, up to a minute.',
  }),

  CREDENTIALS_KEY: optionalText({
    minLength: 32,
    why: 'Secret that the keys which callers keep here for providers are encrypted with. Generated into the data directory for the embedded database; with any other it must be set, and be the same on every gateway, for callers to keep any.',
  }),
  OWN_KEY_FEE_PERCENT: wholeNumber({
    fallback: 5,
    min: 0,
    max: 100,
    why: 'What a call with a key of the caller costs its credits, as a share of the usual price.',
  }),

  IDEMPOTENCY_TTL_MS: milliseconds({
    fallback: 86_400_000,
    min: 1_000,
    max: 604_800_000,
    why: 'How long the reply to a request with an Idempotency-Key is kept for its retries.',
  }),
  IDEMPOTENCY_REPLY_BYTES: wholeNumber({
    fallback: 4 * MEBIBYTE,
    min: 0,
    max: 256 * MEBIBYTE,
    why: 'A reply beyond it is not kept: a retry is a new call.',
  }),
  IDEMPOTENCY_TOTAL_BYTES: wholeNumber({
    fallback: 64 * MEBIBYTE,
    min: 0,
    max: 64 * 1024 * MEBIBYTE,
    why: 'All kept replies together; beyond it the oldest are forgotten. With Redis it counts for all gateways.',
  }),

  CHAT_HISTORY: oneOf(['off', 'on'], {
    fallback: 'off',
    why: "Keep what was said in chats, for GET /v1/chat/history: but for keys and requests (`store: false`) that don't want it.",
  }),
  CHAT_HISTORY_BUFFER_BYTES: wholeNumber({
    fallback: 32 * MEBIBYTE,
    min: 0,
    max: 64 * 1024 * MEBIBYTE,
    why: 'Chats that may wait for the database; beyond it they are not kept, and counted.',
  }),

  GATEWAYZ_PROVIDERS: namedUrls(
    'Further OpenAI-compatible servers (vLLM, llama.cpp, LM Studio, a proxy); the key of NAME is read from NAME_API_KEY.',
  ),
  UPSTREAM_CONNECT_TIMEOUT_MS: milliseconds({ fallback: 5_000, min: 1, why: 'To open a connection to a provider.' }),
  UPSTREAM_FIRST_TOKEN_TIMEOUT_MS: milliseconds({
    fallback: 120_000,
    min: 1,
    why: 'From the request to the first token (or to the whole plain reply).',
  }),
  UPSTREAM_IDLE_TIMEOUT_MS: milliseconds({ fallback: 60_000, min: 1, why: 'Between two pieces of a reply.' }),
  UPSTREAM_TOTAL_TIMEOUT_MS: milliseconds({ fallback: 900_000, min: 1, why: 'For one whole attempt.' }),
  UPSTREAM_CANCEL_DRAIN_MS: milliseconds({
    fallback: 5_000,
    why: 'How long the rest of a stream that its client left is read for its usage, where the provider bills for it anyway.',
  }),
  UPSTREAM_CONNECTIONS: wholeNumber({
    fallback: 512,
    min: 1,
    max: 65_535,
    why: 'Connections to one provider; further calls wait for a free one.',
  }),
  STREAM_KEEP_ALIVE_MS: milliseconds({
    fallback: 15_000,
    min: 10,
    why: 'Silence in a stream after which a comment is sent, so that proxies in between do not cut it.',
  }),
  MODEL_SYNC_INTERVAL_MS: milliseconds({
    fallback: 900_000,
    min: 1_000,
    why: "How often the providers' own model lists are read.",
  }),
  PUBLIC_LISTS_INTERVAL_MS: milliseconds({
    fallback: 3_600_000,
    min: 1_000,
    why: 'How often the three public lists are read.',
  }),
  GENAI_PRICES_URL: urlOrOff({
    fallback: 'https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json',
    why: 'Prices that are newer than those that the gateway came with.',
  }),
  MODELS_DEV_URL: urlOrOff({
    fallback: 'https://models.dev/api.json',
    why: 'Limits, abilities and prices of the models of many providers.',
  }),
  OPENROUTER_MODELS_URL: urlOrOff({
    fallback: 'https://openrouter.ai/api/v1/models',
    why: "What OpenRouter's models can do, also where OpenRouter itself is not used.",
  }),

  ...OBSERVATION_KNOBS,
  SANDBOX: oneOf(['auto', 'on', 'off'], {
    fallback: 'auto',
    why: 'The simulated provider: auto starts it when no provider is configured and NODE_ENV is not production.',
  }),
} as const;
