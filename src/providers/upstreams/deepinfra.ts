import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const deepInfra: LlmProvider = {
  id: 'deepinfra',
  name: 'DeepInfra',
  baseUrl: 'https://api.deepinfra.com/v1/openai',
  apiKeyVariable: 'DEEPINFRA_API_KEY',
  dialect: openAiDialect,
  priceListId: null,
};
