import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const openai: LlmProvider = {
  id: 'openai',
  name: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  apiKeyVariable: 'OPENAI_API_KEY',
  dialect: openAiDialect,
  maxTokensParameter: 'max_completion_tokens',
  isAuthor: true,
  // https://developers.openai.com/api/docs/deprecations, read in November 2026.
  replacedModels: {
    'chatgpt-4o-latest': 'gpt-5.1-chat-latest',
    'gpt-3.5-turbo': 'gpt-4.1-mini',
    'gpt-4.5-preview': 'gpt-4.1',
    'gpt-4o-search-preview': 'gpt-4.1-mini',
    'gpt-5-chat-latest': 'gpt-5.3-chat-latest',
    'gpt-5-codex': 'gpt-5.4',
    'gpt-5.1-chat-latest': 'gpt-5.3-chat-latest',
    'gpt-5.1-codex': 'gpt-5',
    'gpt-5.1-codex-max': 'gpt-5.4',
    'gpt-5.1-codex-mini': 'gpt-5.4-mini',
    'gpt-5.2-chat-latest': 'gpt-5.5',
    'gpt-5.2-codex': 'gpt-5.4',
    'gpt-5.3-chat-latest': 'gpt-5.5',
    'o1-mini': 'o4-mini',
    'o1-preview': 'o3',
  },
};
