import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const miniMax: LlmProvider = {
  id: 'minimax',
  name: 'MiniMax',
  baseUrl: 'https://api.minimax.io/v1',
  apiKeyVariable: 'MINIMAX_API_KEY',
  dialect: openAiDialect,
  billsWhenCancelled: true,
  isAuthor: true,
};
