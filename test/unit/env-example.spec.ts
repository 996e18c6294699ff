import { readFileSync } from 'node:fs';
import { KNOBS } from '../../src/config/knobs.js';
import { ALL_PROVIDERS } from '../../src/providers/all-providers.js';
import { variablesOf } from '../../src/providers/connected-provider.js';
import { PROVIDER_KNOBS } from '../../src/providers/provider-settings.js';

it('.env.example names every variable that there is, and no other', () => {
  const lines = readFileSync('.env.example', 'utf8').matchAll(/^# ((?:<ID>_)?[A-Z][A-Z0-9_]*)=/gm);
  const shown = [...lines].map(([, name]) => name);
  const ofProviders = Object.keys(PROVIDER_KNOBS).map((name) => `<ID>_${name}`);
  const known = [...Object.keys(KNOBS), ...ofProviders, ...ALL_PROVIDERS.flatMap(variablesOf)];
  expect([...shown].sort()).toEqual([...new Set(known)].sort());
});
