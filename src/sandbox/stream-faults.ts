import type { Behaviour, Fault } from './behaviour.js';
import type { Usage } from './completion.js';
import { memberOf } from './json.js';
import type { StreamEvent } from './stream-events.js';

/** What is written, and what happens to the connection then. */
export interface StreamScript {
  readonly events: readonly StreamEvent[];
  readonly ending: 'end' | 'hang' | 'destroy';
}

/** What some faults tell besides. */
interface Told {
  readonly usage: Usage;
  /** A failure in the middle of a stream. */
  readonly failure: StreamEvent;
}

type Disturbance = (events: readonly StreamEvent[], after: number) => StreamScript;

const BROKEN_JSON: StreamEvent = {
  kind: 'foreign',
  data: '{"id":"chatcmpl-sandbox","choices":[{"index":0,"delta":{"con',
};

/** Faults that are a matter of which events are sent; those not named here leave the events alone. */
const DISTURBANCES: Partial<Record<Fault, Disturbance>> = {
  silent_stream: () => ({ events: [], ending: 'hang' }),
  stall: (events, after) => ({ events: beginning(events, after), ending: 'hang' }),
  cut: (events, after) => ({ events: beginning(events, after), ending: 'destroy' }),
  cut_body: (events, after) => ({ events: beginning(events, after), ending: 'destroy' }),
  end_early: (events, after) => ({ events: beginning(events, after), ending: 'end' }),
  malformed: (events, after) => {
    const start = beginning(events, after);
    return { events: [...start, BROKEN_JSON, ...events.slice(start.length)], ending: 'end' };
  },
  empty: (events) => ({ events: without(['role', 'output', 'frame', 'finish', 'usage'], events), ending: 'end' }),
  no_done: (events) => ({ events: without(['done'], events), ending: 'end' }),
  no_usage: (events) => ({ events: without(['usage'], events), ending: 'end' }),
  no_finish: (events) => ({ events: without(['finish'], events), ending: 'end' }),
};

/** Pure: a faultless stream in, the faulty one out. */
export function disturbed(events: readonly StreamEvent[], behaviour: Behaviour, told: Told): StreamScript {
  const { usage, failure } = told;
  const { fault, after = 1 } = behaviour;
  if (fault === undefined) return { events, ending: 'end' };
  if (fault === 'error_frame') return { events: [...beginning(events, after), failure], ending: 'end' };
  if (fault === 'late_usage_in_finish') return { events: usageInFinish(events, usage), ending: 'end' };
  return DISTURBANCES[fault]?.(events, after) ?? { events, ending: 'end' };
}

/** Everything up to the output event with this number; nothing at all for 0, and never the finish. */
function beginning(events: readonly StreamEvent[], outputs: number): readonly StreamEvent[] {
  if (outputs === 0) return [];
  let seen = 0;
  const end = events.findIndex((event) => {
    if (event.kind === 'output') seen += 1;
    return event.kind === 'finish' || (event.kind === 'output' && seen > outputs);
  });
  return events.slice(0, end);
}

function without(kinds: readonly StreamEvent['kind'][], events: readonly StreamEvent[]): StreamEvent[] {
  return events.filter((event) => !kinds.includes(event.kind));
}

function usageInFinish(events: readonly StreamEvent[], usage: Usage): StreamEvent[] {
  return without(['usage'], events).map((event) => {
    if (event.kind !== 'finish') return event;
    const chunk: unknown = JSON.parse(event.data);
    const choices = memberOf(chunk, 'choices');
    return { kind: 'finish', data: JSON.stringify({ ...Object(chunk), choices, usage }) };
  });
}
