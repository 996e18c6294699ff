/** Prints `.env.example` from the settings and the providers' data: `node scripts/env-example.mjs > .env.example`. */
import process from 'node:process';
import { KNOBS } from '../dist/config/knobs.js';
import { ALL_PROVIDERS } from '../dist/providers/all-providers.js';
import { variablesOf } from '../dist/providers/connected-provider.js';
import { baseUrlVariable, PROVIDER_KNOBS } from '../dist/providers/provider-settings.js';

const lines = ['# Every setting of the gateway, with what it is when it is not set.', ''];
for (const [name, { fallback, allowed, why }] of Object.entries(KNOBS)) {
  lines.push(`# ${why}`, `# (${allowed})`, `# ${name}=${shown(fallback)}`, '');
}
lines.push('# Providers: one is enabled when its key is set. <ID> stands for any of them, as in OPENAI_BASE_URL.', '');
for (const [name, { allowed, why }] of Object.entries(PROVIDER_KNOBS)) {
  lines.push(`# ${why}`, `# (${allowed})`, `# <ID>_${name}=`, '');
}
for (const provider of ALL_PROVIDERS) {
  lines.push(`# ${provider.name}`);
  for (const variable of variablesOf(provider)) {
    const isBaseUrl = variable === baseUrlVariable(provider.id) && !provider.baseUrl.includes('{');
    lines.push(`# ${variable}=${isBaseUrl ? provider.baseUrl : ''}`);
  }
  lines.push('');
}
process.stdout.write(lines.join('\n'));

function shown(fallback) {
  return typeof fallback === 'string' || typeof fallback === 'number' ? String(fallback) : '';
}
