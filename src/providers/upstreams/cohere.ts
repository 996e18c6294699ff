import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const cohere: LlmProvider = {
  id: 'cohere',
  name: 'Cohere',
  baseUrl: 'https://api.cohere.com/compatibility/v1',
  apiKeyVariable: 'COHERE_API_KEY',
  dialect: openAiDialect,
  isAuthor: true,
};
