import type { Behaviour } from './behaviour.js';
import type { Exchange } from './exchange.js';
import { CONTEXT_LENGTH } from './models.js';
import { Refusal } from './refusal.js';
import type { Tongue } from './tongues/tongue.js';

const HTML = '<!doctype html><html><body><h1>It works!</h1></body></html>';

/** @returns Whether a fault has settled the exchange before any reply of the model could begin. */
export function failedAtTheHead(exchange: Exchange, behaviour: Behaviour, { refusal }: Tongue): boolean {
  switch (behaviour.fault) {
    case 'refuse':
      exchange.reset();
      return true;
    case 'silence':
      return true;
    case 'status':
      exchange.send(behaviour.status ?? 500, refusal(refusalFor(behaviour.status ?? 500)), retryAfter(behaviour));
      return true;
    case 'context_length':
      exchange.send(400, refusal(CONTEXT_EXCEEDED));
      return true;
    case 'not_json':
      exchange.send(200, HTML, { 'content-type': 'text/html' });
      return true;
    default:
      return false;
  }
}

function retryAfter({ retry_after: seconds }: Behaviour): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}

const CONTEXT_EXCEEDED = new Refusal(
  400,
  `This model's maximum context length is ${CONTEXT_LENGTH} tokens. However, your messages resulted in ` +
    `${CONTEXT_LENGTH + 1} tokens. Please reduce the length of the messages.`,
  { code: 'context_length_exceeded', param: 'messages' },
);

/** The words that OpenAI finds for the statuses that matter to a gateway. */
const BY_STATUS: Readonly<Record<number, { readonly type: string; readonly code: string }>> = {
  400: { type: 'invalid_request_error', code: 'invalid_value' },
  401: { type: 'invalid_request_error', code: 'invalid_api_key' },
  402: { type: 'insufficient_quota', code: 'insufficient_quota' },
  403: { type: 'permission_error', code: 'permission_denied' },
  404: { type: 'invalid_request_error', code: 'model_not_found' },
  429: { type: 'requests', code: 'rate_limit_exceeded' },
};

function refusalFor(status: number): Refusal {
  const words = BY_STATUS[status] ?? { type: 'server_error', code: 'simulated_failure' };
  return new Refusal(status, `The simulated provider answers ${status}, as it was told to.`, words);
}
