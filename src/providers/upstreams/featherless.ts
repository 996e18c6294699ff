import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const featherless: LlmProvider = {
  id: 'featherless',
  name: 'Featherless',
  baseUrl: 'https://api.featherless.ai/v1',
  apiKeyVariable: 'FEATHERLESS_API_KEY',
  dialect: openAiDialect,
  billsWhenCancelled: true,
  priceListId: null,
};
