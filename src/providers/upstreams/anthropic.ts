import { anthropicDialect } from '../dialects/anthropic/anthropic-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const anthropic: LlmProvider = {
  id: 'anthropic',
  name: 'Anthropic',
  baseUrl: 'https://api.anthropic.com/v1',
  apiKeyVariable: 'ANTHROPIC_API_KEY',
  dialect: anthropicDialect,
  authorize: (apiKey) => ({ 'x-api-key': apiKey }),
  headers: { 'anthropic-version': '2023-06-01' },
  forwardedHeaders: ['anthropic-beta'],
  // All on one page, please.
  modelsPath: '/models?limit=1000',
  isAuthor: true,
};
