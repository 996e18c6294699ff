import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const novita: LlmProvider = {
  id: 'novita',
  name: 'Novita',
  baseUrl: 'https://api.novita.ai/v3/openai',
  apiKeyVariable: 'NOVITA_API_KEY',
  dialect: openAiDialect,
  modelsDevId: 'novita-ai',
};
