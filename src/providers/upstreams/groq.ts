import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const groq: LlmProvider = {
  id: 'groq',
  name: 'Groq',
  baseUrl: 'https://api.groq.com/openai/v1',
  apiKeyVariable: 'GROQ_API_KEY',
  dialect: openAiDialect,
  billsWhenCancelled: true,
  usageAt: ['x_groq', 'usage'],
};
