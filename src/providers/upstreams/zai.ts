import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const zAi: LlmProvider = {
  id: 'zai',
  name: 'Z.ai',
  baseUrl: 'https://api.z.ai/api/paas/v4',
  apiKeyVariable: 'ZAI_API_KEY',
  dialect: openAiDialect,
  isAuthor: true,
};
