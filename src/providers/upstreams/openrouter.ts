import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const openRouter: LlmProvider = {
  id: 'openrouter',
  name: 'OpenRouter',
  baseUrl: 'https://openrouter.ai/api/v1',
  apiKeyVariable: 'OPENROUTER_API_KEY',
  dialect: openAiDialect,
  headers: { 'http-referer': 'https://gatewayz.ai', 'x-title': 'GatewayZ' },
  modelPrefix: '',
  hasPublicList: true,
  takesReasoningObject: true,
};
