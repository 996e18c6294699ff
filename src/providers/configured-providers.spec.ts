import { InvalidEnvironmentError, readEnv, type Variables } from '../config/env.js';
import { configuredProviders } from './configured-providers.js';

function configured(variables: Variables) {
  return configuredProviders(variables, readEnv(variables));
}

function deadlinesOf(id: string, variables: Variables) {
  return configured(variables).find(({ provider }) => provider.id === id)?.deadlines;
}

function complaint(variables: Variables): string {
  try {
    configured(variables);
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) return error.message;
    throw error;
  }
  return '';
}

describe('the deadlines of a provider', () => {
  const keys = { OPENAI_API_KEY: 'a-key', XAI_API_KEY: 'a-key' };

  it('are those of all providers, unless its data knows better', () => {
    const variables = { ...keys, UPSTREAM_CONNECT_TIMEOUT_MS: '1', UPSTREAM_FIRST_TOKEN_TIMEOUT_MS: '2' };
    expect(deadlinesOf('openai', variables)).toMatchObject({ connectMs: 1, firstTokenMs: 2, totalMs: 900_000 });
    expect(deadlinesOf('xai', variables)).toMatchObject({ connectMs: 1, firstTokenMs: 600_000 });
  });

  it('are its own where its variables say so, and nobody else is touched', () => {
    const variables = {
      ...keys,
      XAI_CONNECT_TIMEOUT_MS: '11',
      XAI_FIRST_TOKEN_TIMEOUT_MS: '12',
      XAI_IDLE_TIMEOUT_MS: '13',
      XAI_TOTAL_TIMEOUT_MS: '14',
    };
    expect(deadlinesOf('xai', variables)).toEqual({ connectMs: 11, firstTokenMs: 12, idleMs: 13, totalMs: 14 });
    expect(deadlinesOf('openai', variables)).toEqual(deadlinesOf('openai', keys));
  });

  it('can be set for a server of our own as well', () => {
    const variables = { GATEWAYZ_PROVIDERS: 'my-lab=http://10.0.0.5:8000/v1', MY_LAB_IDLE_TIMEOUT_MS: '5' };
    expect(deadlinesOf('my-lab', variables)).toMatchObject({ idleMs: 5, firstTokenMs: 300_000 });
  });
});

describe('a variable of a provider that is mistyped', () => {
  it.each([
    ['GROQ_CONNECT_TIMEOUT_MS', '5s', 'a whole number from 1 to 86400000'],
    ['GROQ_FIRST_TOKEN_TIMEOUT_MS', '0', 'a whole number from 1 to 86400000'],
    ['GROQ_IDLE_TIMEOUT_MS', '-7', 'a whole number from 1 to 86400000'],
    ['GROQ_TOTAL_TIMEOUT_MS', '86400001', 'a whole number from 1 to 86400000'],
    ['GROQ_BASE_URL', 'groq.internal/v1', 'a URL that starts with http:// or https://'],
    ['GROQ_BASE_URL', 'http:groq.internal', 'a URL that starts with http:// or https://'],
    ['AZURE_OPENAI_ENDPOINT', 'mine.openai.azure.com', 'a URL that starts with http:// or https://'],
    ['SANDBOX_BASE_URL', 'ftp://sandbox', 'a URL that starts with http:// or https://'],
  ])('%s=%s is named with what is allowed, and its value is not shown', (name, value, allowed) => {
    // Groq has no key here: a mistake is a mistake before the provider is enabled, too.
    expect(complaint({ [name]: value })).toBe(`${name} must be ${allowed}.`);
  });

  it('is one line of several', () => {
    expect(complaint({ OPENAI_BASE_URL: 'x', XAI_IDLE_TIMEOUT_MS: 'y' }).split('\n')).toHaveLength(2);
  });

  it('is told once when two providers share it', () => {
    const variables = { GATEWAYZ_PROVIDERS: 'groq=http://10.0.0.5:8000/v1', GROQ_IDLE_TIMEOUT_MS: 'x' };
    expect(complaint(variables).split('\n')).toHaveLength(1);
  });
});
