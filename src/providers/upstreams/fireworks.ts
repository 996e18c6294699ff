import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const fireworks: LlmProvider = {
  id: 'fireworks',
  name: 'Fireworks AI',
  baseUrl: 'https://api.fireworks.ai/inference/v1',
  apiKeyVariable: 'FIREWORKS_API_KEY',
  dialect: openAiDialect,
  modelsDevId: 'fireworks-ai',
  nativeIdPrefix: 'accounts/fireworks/models/',
};
