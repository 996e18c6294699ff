import type { JsonObject } from '../platform/json/json-document.js';
import { toStorableJson } from '../platform/json/storable-json.js';

/** How long events are kept, in the migration too. */
export const EVENT_RETENTION_MS = 30 * 86_400_000;

/** Something that happened, for whoever wants to know what was going on: no money hangs on it. */
export interface AnalyticsEvent {
  readonly userId: string;
  readonly apiKeyId: string;
  /** Ours, or told by a caller, who may say whatever it likes. */
  readonly source: 'gateway' | 'caller';
  /** Unique for a user and a source: an event that comes again counts once. */
  readonly id: string;
  readonly name: string;
  readonly properties: JsonObject;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** An event as the database takes it: JSON, named like the columns. */
export function toEventLine(event: AnalyticsEvent): string {
  return toStorableJson({
    user_id: event.userId,
    api_key_id: event.apiKeyId,
    source: event.source,
    id: event.id,
    name: event.name,
    properties: event.properties,
    timestamp: new Date(event.at).toISOString(),
  });
}
