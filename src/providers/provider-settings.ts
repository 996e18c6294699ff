import { readKnobs, type Variables } from '../config/env.js';
import { optionalMilliseconds, optionalUrl, type KnobValues } from '../config/knob.js';
import type { LlmProvider } from './llm-provider.js';

/** What the environment may say of each provider; its id stands before the names, as in `OPENAI_BASE_URL`. */
export const PROVIDER_KNOBS = {
  BASE_URL: optionalUrl(['http:', 'https:'], 'Where the provider is, if not where everybody finds it.'),
  CONNECT_TIMEOUT_MS: optionalMilliseconds({ min: 1, why: 'Instead of UPSTREAM_CONNECT_TIMEOUT_MS.' }),
  FIRST_TOKEN_TIMEOUT_MS: optionalMilliseconds({
    min: 1,
    why: 'Instead of UPSTREAM_FIRST_TOKEN_TIMEOUT_MS; without it xAI and servers of your own have more time than that.',
  }),
  IDLE_TIMEOUT_MS: optionalMilliseconds({ min: 1, why: 'Instead of UPSTREAM_IDLE_TIMEOUT_MS.' }),
  TOTAL_TIMEOUT_MS: optionalMilliseconds({ min: 1, why: 'Instead of UPSTREAM_TOTAL_TIMEOUT_MS.' }),
};

export type ProviderSettings = KnobValues<typeof PROVIDER_KNOBS>;

/** What stands before the names of a provider's variables. */
export function variablePrefix(providerId: string): string {
  return `${providerId.toUpperCase().replaceAll('-', '_')}_`;
}

/** The variable that overrides a provider's base URL, such as `OPENAI_BASE_URL`. */
export function baseUrlVariable(providerId: string): string {
  return `${variablePrefix(providerId)}BASE_URL`;
}

/** What the environment says of a provider. */
export interface ReadSettings {
  readonly values: ProviderSettings;
  /** The provider with what its own settings change. */
  readonly provider: LlmProvider;
  /** A line for each variable that is wrong. */
  readonly problems: readonly string[];
}

export function readProviderSettings(given: LlmProvider, variables: Variables): ReadSettings {
  const { values, problems } = readKnobs(PROVIDER_KNOBS, variables, variablePrefix(given.id));
  const own = given.ownSettings?.read(variables);
  return {
    values,
    provider: own ? { ...given, ...own.changes } : given,
    problems: [...problems, ...originProblems(given, variables), ...(own?.problems ?? [])],
  };
}

/** What the base URL begins with may be a variable, such as AZURE_OPENAI_ENDPOINT. */
function originProblems({ id, baseUrl }: LlmProvider, variables: Variables): string[] {
  const origin = /^\{(\w+)\}/.exec(baseUrl)?.[1];
  if (!origin || origin === baseUrlVariable(id)) return [];
  return readKnobs({ [origin]: PROVIDER_KNOBS.BASE_URL }, variables).problems;
}
