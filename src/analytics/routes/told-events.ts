import { validateSync } from 'class-validator';
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InvalidRequestError } from '../../platform/errors/request-errors.js';
import { firstFault } from '../../platform/http/validation.js';
import { isJsonObject } from '../../platform/json/json-document.js';
import { EVENT_RETENTION_MS } from '../analytics-event.js';
import type { Rejection } from '../intake-view.js';
import type { ToldEvent } from '../services/event-intake.service.js';
import { EventBody } from './event.body.js';

const MOST_EVENTS = 10_000;
/** So many are checked before others have their turn. */
const SLICE = 200;
/** By how much the clock of a caller may be ahead. */
const AHEAD_MS = 86_400_000;

export interface CheckedEvents {
  readonly events: readonly ToldEvent[];
  readonly rejected: readonly Rejection[];
}

/**
 * What a body holds: an event, an array of them, or an object with one as `events`. None of them is checked yet.
 * @throws InvalidRequestError
 */
export function eventsIn(body: unknown): readonly unknown[] {
  const events: unknown = isJsonObject(body) && Array.isArray(body['events']) ? body['events'] : body;
  const list: readonly unknown[] = Array.isArray(events) ? events : [events];
  if (list.length === 0 || list.length > MOST_EVENTS) {
    throw new InvalidRequestError(`Send 1 to ${MOST_EVENTS} events.`, 'events', 'invalid_value');
  }
  return list;
}

/** Checks each by itself, and gives those without an id one. */
export async function checkEvents(told: readonly unknown[], now: number): Promise<CheckedEvents> {
  const [events, rejected]: [ToldEvent[], Rejection[]] = [[], []];
  for (const [index, item] of told.entries()) {
    const checked = checkEvent(item, now);
    if (typeof checked === 'string') rejected.push({ index, message: checked });
    else events.push(checked);
    if (index % SLICE === SLICE - 1) await nextTurn();
  }
  return { events, rejected };
}

/** The event, or what is wrong with it. */
function checkEvent(item: unknown, now: number): ToldEvent | string {
  if (!isJsonObject(item)) return 'An event must be an object.';
  const { id, name, timestamp, properties } = item;
  const body = Object.assign(new EventBody(), { id, name, timestamp, properties });
  const errors = validateSync(body);
  if (errors.length > 0) return firstFault(errors).reason;
  const at = typeof timestamp === 'string' ? Date.parse(timestamp) : now;
  if (at < now - EVENT_RETENTION_MS) return 'timestamp must not be older than the 30 days for which events are kept.';
  if (at > now + AHEAD_MS) return 'timestamp must not be more than a day ahead.';
  return { id: body.id ?? randomUUID(), name: body.name, properties: body.properties ?? {}, at };
}
