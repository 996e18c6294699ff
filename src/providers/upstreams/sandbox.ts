import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

/** The simulated provider. Its models are priced, so that metering can be tried without spending anything. */
export const sandbox: LlmProvider = {
  id: 'sandbox',
  name: 'Sandbox (simulated)',
  // The address is known once its server runs, or comes from SANDBOX_BASE_URL.
  baseUrl: '{SANDBOX_BASE_URL}',
  dialect: openAiDialect,
  forwardedHeaders: ['x-sandbox'],
  priceListId: null,
  modelsDevId: null,
  ownPrices: {
    'echo-1': { input: 1, cachedInput: 0.1, output: 2 },
    'story-1': { input: 1, cachedInput: 0.1, output: 2 },
    'reason-1': { input: 2, cachedInput: 0.2, output: 8 },
    'tiny-1': { input: 0.1, output: 0.2 },
  },
  replacedModels: { echo: 'echo-1', story: 'story-1', reason: 'reason-1', tiny: 'tiny-1' },
};
