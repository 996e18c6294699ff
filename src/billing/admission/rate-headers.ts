import type { RateFigure } from '../../platform/limits/minute-window.js';
import type { RateFigures } from './admission-request.js';

/** OpenAI's rate-limit headers, of the same figures that decided. A key without limits has none. */
export function rateHeaders({ requests, tokens }: RateFigures): Record<string, string> {
  return { ...(requests && headersOf('requests', requests)), ...(tokens && headersOf('tokens', tokens)) };
}

function headersOf(name: string, { limit, remaining, resetMs }: RateFigure): Record<string, string> {
  return {
    [`x-ratelimit-limit-${name}`]: String(limit),
    [`x-ratelimit-remaining-${name}`]: String(remaining),
    [`x-ratelimit-reset-${name}`]: duration(resetMs),
  };
}

/** `12ms`, `1s`, `6m0s`: the form that SDKs read. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.ceil(milliseconds)}ms`;
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
