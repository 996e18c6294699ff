import { readFileSync } from 'node:fs';
import { KNOBS } from '../../src/config/knobs.js';
import { ALL_PROVIDERS } from '../../src/providers/all-providers.js';
import { variablesOf } from '../../src/providers/connected-provider.js';

it('.env.example names every variable that there is, and no other', () => {
  const shown = [...readFileSync('.env.example', 'utf8').matchAll(/^# ([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
  const known = [...Object.keys(KNOBS), ...ALL_PROVIDERS.flatMap(variablesOf)];
  expect([...shown].sort()).toEqual([...new Set(known)].sort());
});
