import type { Env, Variables } from '../config/env.js';
import type { Deadlines, LlmProvider } from './llm-provider.js';

/** A provider that this gateway can call: its address and key are known. */
export interface ConnectedProvider {
  readonly provider: LlmProvider;
  readonly baseUrl: string;
  /** What every request to it carries, its key included. Never logged. */
  readonly headers: Readonly<Record<string, string>>;
  readonly deadlines: Deadlines;
}

/** The variable that overrides a provider's base URL, such as `OPENAI_BASE_URL`. */
export function baseUrlVariable(providerId: string): string {
  return `${providerId.toUpperCase().replaceAll('-', '_')}_BASE_URL`;
}

/** The variables that a provider needs or takes, as `.env.example` shows them. */
export function variablesOf(provider: LlmProvider): string[] {
  const inUrl = [...provider.baseUrl.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const key = provider.apiKeyVariable ? [provider.apiKeyVariable] : [];
  return [...new Set([...key, ...inUrl, baseUrlVariable(provider.id)])];
}

/** Undefined when the provider is not set up. */
export function connect(provider: LlmProvider, variables: Variables, env: Env): ConnectedProvider | undefined {
  const apiKey = provider.apiKeyVariable && variables[provider.apiKeyVariable];
  // The operator's own servers often want no key.
  if (provider.apiKeyVariable && !apiKey && !provider.isFree) return undefined;
  const baseUrl = variables[baseUrlVariable(provider.id)] ?? fillIn(provider.baseUrl, variables);
  if (!baseUrl) return undefined;
  return {
    provider,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    headers: { ...provider.headers, ...(apiKey && authorization(provider, apiKey)) },
    deadlines: {
      firstTokenMs: env.UPSTREAM_FIRST_TOKEN_TIMEOUT_MS,
      idleMs: env.UPSTREAM_IDLE_TIMEOUT_MS,
      totalMs: env.UPSTREAM_TOTAL_TIMEOUT_MS,
      ...provider.deadlines,
    },
  };
}

function authorization(provider: LlmProvider, apiKey: string): Readonly<Record<string, string>> {
  return provider.authorize?.(apiKey) ?? { authorization: `Bearer ${apiKey}` };
}

function fillIn(template: string, variables: Variables): string | undefined {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  if (names.some((name) => variables[name] === undefined)) return undefined;
  return template.replace(/\{(\w+)\}/g, (_, name: string) => variables[name]?.replace(/\/+$/, '') ?? '');
}
