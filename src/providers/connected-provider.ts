import { refuseProblems, type Env, type Variables } from '../config/env.js';
import type { Deadlines, LlmProvider } from './llm-provider.js';
import type { RequestSigner } from './request-signer.js';
import { baseUrlVariable, readProviderSettings, type ProviderSettings } from './provider-settings.js';

/** A provider that this gateway can call: its address and key are known. */
export interface ConnectedProvider {
  readonly provider: LlmProvider;
  readonly baseUrl: string;
  /** What every request to it carries, its key included. Never logged. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signer?: RequestSigner;
  readonly deadlines: Deadlines;
}

/** The variables that a provider needs, and the one that points it elsewhere. */
export function variablesOf(provider: LlmProvider): string[] {
  const inUrl = [...provider.baseUrl.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const key = provider.apiKeyVariable ? [provider.apiKeyVariable] : [];
  const forSigner = provider.credentialVariables ?? [];
  const own = Object.keys(provider.ownSettings?.knobs ?? {});
  return [...new Set([...key, ...forSigner, ...inUrl, ...own, baseUrlVariable(provider.id)])];
}

/** Undefined when the provider is not set up. @throws InvalidEnvironmentError */
export function connect(known: LlmProvider, variables: Variables, env: Env): ConnectedProvider | undefined {
  const { values: settings, provider, problems } = readProviderSettings(known, variables);
  refuseProblems(problems);
  const credentials = credentialsOf(provider, variables);
  if (!credentials) return undefined;
  const baseUrl = settings.BASE_URL ?? fillIn(provider, variables);
  if (!baseUrl) return undefined;
  return {
    provider,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    ...credentials,
    headers: { ...provider.headers, ...credentials.headers },
    deadlines: deadlinesOf(provider, settings, env),
  };
}

/** What proves to the provider who asks; undefined when the environment does not say it. */
function credentialsOf(
  provider: LlmProvider,
  variables: Variables,
): Pick<ConnectedProvider, 'headers' | 'signer'> | undefined {
  if (provider.signer) {
    const signer = provider.signer(variables);
    return signer && { headers: {}, signer };
  }
  const apiKey = provider.apiKeyVariable && variables[provider.apiKeyVariable];
  if (apiKey) return { headers: authorization(provider, apiKey) };
  // The operator's own servers often want no key.
  return provider.apiKeyVariable && !provider.isFree ? undefined : { headers: {} };
}

/** What the operator says of this provider, else what its data says, else what holds for all. */
function deadlinesOf({ deadlines: own = {} }: LlmProvider, settings: ProviderSettings, env: Env): Deadlines {
  return {
    connectMs: settings.CONNECT_TIMEOUT_MS ?? own.connectMs ?? env.UPSTREAM_CONNECT_TIMEOUT_MS,
    firstTokenMs: settings.FIRST_TOKEN_TIMEOUT_MS ?? own.firstTokenMs ?? env.UPSTREAM_FIRST_TOKEN_TIMEOUT_MS,
    idleMs: settings.IDLE_TIMEOUT_MS ?? own.idleMs ?? env.UPSTREAM_IDLE_TIMEOUT_MS,
    totalMs: settings.TOTAL_TIMEOUT_MS ?? own.totalMs ?? env.UPSTREAM_TOTAL_TIMEOUT_MS,
  };
}

/** The headers that carry this key. */
export function authorization(provider: LlmProvider, apiKey: string): Readonly<Record<string, string>> {
  return provider.authorize?.(apiKey) ?? { authorization: `Bearer ${apiKey}` };
}

function fillIn({ baseUrl: template, correctBaseUrl }: LlmProvider, variables: Variables): string | undefined {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  if (names.some((name) => variables[name] === undefined)) return undefined;
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => variables[name]?.replace(/\/+$/, '') ?? '');
  return correctBaseUrl?.(filled) ?? filled;
}
