import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const nebius: LlmProvider = {
  id: 'nebius',
  name: 'Nebius Token Factory',
  baseUrl: 'https://api.tokenfactory.nebius.com/v1',
  apiKeyVariable: 'NEBIUS_API_KEY',
  dialect: openAiDialect,
  billsWhenCancelled: true,
  priceListId: null,
};
