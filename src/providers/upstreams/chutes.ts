import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const chutes: LlmProvider = {
  id: 'chutes',
  name: 'Chutes',
  baseUrl: 'https://llm.chutes.ai/v1',
  apiKeyVariable: 'CHUTES_API_KEY',
  dialect: openAiDialect,
  priceListId: null,
};
