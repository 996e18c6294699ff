import { existsSync } from 'node:fs';
import type { KnobValue } from './knob.js';
import { KNOBS } from './knobs.js';

export type Env = { readonly [Name in keyof typeof KNOBS]: KnobValue<(typeof KNOBS)[Name]> };
export type Variables = Readonly<Record<string, string | undefined>>;

/** The validated settings, for `@Inject(ENV)`. */
export const ENV = Symbol('ENV');
/** The variables themselves, for names that stand in data elsewhere, such as a provider's `apiKeyVariable`. */
export const VARIABLES = Symbol('VARIABLES');

/** The environment is wrong; the message names every variable at fault and never shows a value. */
export class InvalidEnvironmentError extends Error {
  override readonly name = 'InvalidEnvironmentError';
}

/** The process's environment, with `.env` of the working directory behind it. An empty variable is an absent one. */
export function loadVariables(): Variables {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const entries = Object.entries(process.env).map(([name, value]) => [name, value?.trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value));
}

/** @throws InvalidEnvironmentError with one line for each variable at fault. */
export function readEnv(variables: Variables): Env {
  const problems: string[] = [];
  const values = Object.entries(KNOBS).map(([name, knob]) => {
    const given = variables[name];
    if (given === undefined) return [name, knob.fallback] as const;
    const value = knob.read(given);
    if (value === undefined) problems.push(`${name} must be ${knob.allowed}.`);
    return [name, value] as const;
  });
  // The table above is what gives Env its shape, name by name.
  const env = Object.fromEntries(values) as Env;
  problems.push(...contradictions(env));
  if (problems.length > 0) throw new InvalidEnvironmentError(problems.join('\n'));
  return env;
}

function contradictions(env: Env): string[] {
  const problems: string[] = [];
  if (env.SUPABASE_URL && !env.SUPABASE_SECRET_KEY)
    problems.push('SUPABASE_SECRET_KEY must be set when SUPABASE_URL is.');
  if (env.SUPABASE_URL && env.DATABASE_URL) problems.push('Only one of SUPABASE_URL and DATABASE_URL may be set.');
  if ((env.SUPABASE_URL ?? env.DATABASE_URL) && !env.API_KEY_PEPPER) {
    problems.push('API_KEY_PEPPER must be set when SUPABASE_URL or DATABASE_URL is.');
  }
  return problems;
}
