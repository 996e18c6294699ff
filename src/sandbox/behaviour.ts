import { type JsonObject, isObject } from './json.js';
import { badParameter } from './refusal.js';

const NUMBERS = [
  'latency_ms',
  'first_token_ms',
  'pace_ms',
  'tokens',
  'chunks',
  'cached_tokens',
  'after',
  'status',
  'retry_after',
] as const;

/** Every way in which the sandbox can go wrong on request; the README beside says what each does. */
export const FAULTS = [
  'status',
  'context_length',
  'refuse',
  'silence',
  'not_json',
  'silent_stream',
  'stall',
  'cut',
  'end_early',
  'no_done',
  'malformed',
  'error_frame',
  'empty',
  'no_usage',
  'no_role',
  'no_finish',
  'bad_tool_index',
  'late_usage_in_finish',
  'comments',
  'split_bytes',
  'trickle_body',
  'cut_body',
] as const;

type NumberKey = (typeof NUMBERS)[number];
export type Fault = (typeof FAULTS)[number];

/** How one chat request is to be answered. The names are those of the header and the body member. */
export type Behaviour = { readonly [Key in NumberKey]?: number } & { readonly fault?: Fault };

const LARGEST = 1_000_000;

/** Reads `key=value;key=value`, as in the header `x-sandbox`. */
export function parseBehaviourHeader(header: string): Behaviour {
  const pairs = header
    .split(';')
    .map((pair) => pair.trim())
    .filter(Boolean)
    .map((pair) => {
      const [key = '', value = ''] = pair.split('=').map((side) => side.trim());
      return [key, key === 'fault' ? value : Number(value || Number.NaN)] as const;
    });
  return parseBehaviour(Object.fromEntries(pairs));
}

/** Reads the body member `sandbox`, or one entry of a schedule. A misspelt key is refused: it would test nothing. */
export function parseBehaviour(value: unknown): Behaviour {
  if (value === undefined) return {};
  if (!isObject(value)) throw badParameter('sandbox', 'A behaviour must be an object.');
  assertBehaviour(value);
  return value;
}

/** @returns The behaviours of a schedule, in the order in which they will be consumed. */
export function parseSchedule(value: unknown): Behaviour[] {
  if (!Array.isArray(value)) throw badParameter('sandbox', 'A schedule must be an array of behaviours.');
  return value.map(parseBehaviour);
}

function assertBehaviour(value: JsonObject): asserts value is Behaviour {
  for (const [key, setting] of Object.entries(value)) checkSetting(key, setting);
}

function checkSetting(key: string, setting: unknown): void {
  if (key === 'fault') {
    if (FAULTS.some((fault) => fault === setting)) return;
    throw badParameter('sandbox', `The sandbox knows no such fault. It knows ${FAULTS.join(', ')}.`);
  }
  if (!NUMBERS.some((name) => name === key)) {
    throw badParameter('sandbox', `The sandbox has no setting "${key}". It has fault, ${NUMBERS.join(', ')}.`);
  }
  const isUsable = typeof setting === 'number' && setting >= 0 && setting <= LARGEST;
  if (!isUsable) throw badParameter('sandbox', `The sandbox setting "${key}" must be a number from 0 to ${LARGEST}.`);
}
