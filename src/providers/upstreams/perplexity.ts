import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const perplexity: LlmProvider = {
  id: 'perplexity',
  name: 'Perplexity',
  baseUrl: 'https://api.perplexity.ai',
  apiKeyVariable: 'PERPLEXITY_API_KEY',
  dialect: openAiDialect,
  countsReasoningApart: true,
  billsWhenCancelled: true,
  listsModels: false,
  isAuthor: true,
};
