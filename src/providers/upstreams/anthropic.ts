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
  // https://platform.claude.com/docs/en/about-claude/model-deprecations; its list has only names with dates.
  replacedModels: {
    'claude-3-5-haiku-20241022': 'claude-haiku-4-5-20251001',
    'claude-3-5-haiku-latest': 'claude-haiku-4-5-20251001',
    'claude-3-5-sonnet-20240620': 'claude-sonnet-4-5-20250929',
    'claude-3-5-sonnet-20241022': 'claude-sonnet-4-5-20250929',
    'claude-3-5-sonnet-latest': 'claude-sonnet-4-5-20250929',
    'claude-3-7-sonnet-20250219': 'claude-sonnet-4-5-20250929',
    'claude-3-7-sonnet-latest': 'claude-sonnet-4-5-20250929',
    'claude-3-opus-20240229': 'claude-opus-4-1-20250805',
    'claude-3-opus-latest': 'claude-opus-4-1-20250805',
    'claude-haiku-4-5': 'claude-haiku-4-5-20251001',
    'claude-opus-4-1': 'claude-opus-4-1-20250805',
    'claude-opus-4-5': 'claude-opus-4-5-20251101',
    'claude-sonnet-4-5': 'claude-sonnet-4-5-20250929',
  },
};
