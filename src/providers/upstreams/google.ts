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
  // https://ai.google.dev/gemini-api/docs/deprecations, read in November 2026.
  replacedModels: {
    'gemini-2.0-flash': 'gemini-2.5-flash',
    'gemini-2.0-flash-001': 'gemini-2.5-flash',
    'gemini-2.0-flash-lite': 'gemini-2.5-flash-lite',
    'gemini-2.0-flash-lite-001': 'gemini-2.5-flash-lite',
    'gemini-2.5-flash': 'gemini-3.5-flash-lite',
    'gemini-2.5-pro': 'gemini-3.8-flash',
    'gemini-2.5-pro-preview-03-25': 'gemini-3.1-pro-preview',
    'gemini-2.5-pro-preview-05-06': 'gemini-3.1-pro-preview',
    'gemini-2.5-pro-preview-06-05': 'gemini-3.1-pro-preview',
    'gemini-3-pro-preview': 'gemini-3.1-pro-preview',
  },
};
