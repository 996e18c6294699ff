import { readKnobs } from '../config/env.js';
import type { KnobTable, KnobValues } from '../config/knob.js';
import type { LlmProvider, OwnSettings } from './llm-provider.js';

/** Settings of one provider, by the names of their variables, and what they change in its data. */
export function ownSettings<Table extends KnobTable>(
  knobs: Table,
  changes: (values: KnobValues<Table>) => Partial<LlmProvider>,
): OwnSettings {
  return {
    knobs,
    read: (variables) => {
      const { values, problems } = readKnobs(knobs, variables);
      return { changes: problems.length > 0 ? {} : changes(values), problems };
    },
  };
}
