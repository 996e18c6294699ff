import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const xAi: LlmProvider = {
  id: 'xai',
  name: 'xAI',
  baseUrl: 'https://api.x.ai/v1',
  apiKeyVariable: 'XAI_API_KEY',
  dialect: openAiDialect,
  countsReasoningApart: true,
  priceListId: 'x-ai',
  isAuthor: true,
  // Its reasoning models may think for minutes before the first token.
  deadlines: { firstTokenMs: 600_000 },
};
