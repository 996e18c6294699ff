import { existsSync } from 'node:fs';
import type { KnobTable, KnobValues } from './knob.js';
import { KNOBS } from './knobs.js';

export type Env = KnobValues<typeof KNOBS>;
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
  // Finding no other keys, Amazon's library would ask the machine's metadata service: only for those who say so.
  process.env['AWS_EC2_METADATA_DISABLED'] ??= 'true';
  return Object.fromEntries(entries.filter(([, value]) => value));
}

/** @throws InvalidEnvironmentError with one line for each variable at fault. */
export function readEnv(variables: Variables): Env {
  const { values: env, problems } = readKnobs(KNOBS, variables);
  refuseProblems([...problems, ...contradictions(env)]);
  return env;
}

/** Reads the settings of a table, whose variables may have a prefix; each that is wrong is a line of `problems`. */
export function readKnobs<Table extends KnobTable>(
  table: Table,
  variables: Variables,
  prefix = '',
): { values: KnobValues<Table>; problems: string[] } {
  const problems: string[] = [];
  const values = Object.entries(table).map(([name, knob]) => {
    const given = variables[prefix + name];
    if (given === undefined) return [name, knob.fallback] as const;
    const value = knob.read(given);
    if (value === undefined) problems.push(`${prefix}${name} must be ${knob.allowed}.`);
    return [name, value] as const;
  });
  // The table is what gives the values their shape, name by name.
  return { values: Object.fromEntries(values) as KnobValues<Table>, problems };
}

/** @throws InvalidEnvironmentError when there are any. */
export function refuseProblems(problems: readonly string[]): void {
  if (problems.length > 0) throw new InvalidEnvironmentError(problems.join('\n'));
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
