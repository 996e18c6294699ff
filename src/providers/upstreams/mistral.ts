import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const mistral: LlmProvider = {
  id: 'mistral',
  name: 'Mistral AI',
  baseUrl: 'https://api.mistral.ai/v1',
  apiKeyVariable: 'MISTRAL_API_KEY',
  dialect: openAiDialect,
  billsWhenCancelled: true,
  refusesStreamOptions: true,
  isAuthor: true,
};
