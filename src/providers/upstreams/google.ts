import { geminiDialect } from '../dialects/gemini/gemini-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const google: LlmProvider = {
  id: 'google',
  name: 'Google AI Studio',
  baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  apiKeyVariable: 'GEMINI_API_KEY',
  dialect: geminiDialect,
  authorize: (apiKey) => ({ 'x-goog-api-key': apiKey }),
  modelsPath: '/models?pageSize=1000',
  isAuthor: true,
};
