import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const together: LlmProvider = {
  id: 'together',
  name: 'Together AI',
  baseUrl: 'https://api.together.xyz/v1',
  apiKeyVariable: 'TOGETHER_API_KEY',
  dialect: openAiDialect,
  modelsDevId: 'togetherai',
};
