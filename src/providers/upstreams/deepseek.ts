import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const deepSeek: LlmProvider = {
  id: 'deepseek',
  name: 'DeepSeek',
  baseUrl: 'https://api.deepseek.com/v1',
  apiKeyVariable: 'DEEPSEEK_API_KEY',
  dialect: openAiDialect,
  isAuthor: true,
};
