import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const near: LlmProvider = {
  id: 'near',
  name: 'NEAR AI',
  baseUrl: 'https://cloud-api.near.ai/v1',
  apiKeyVariable: 'NEAR_API_KEY',
  dialect: openAiDialect,
  priceListId: null,
};
