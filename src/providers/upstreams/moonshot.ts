import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const moonshot: LlmProvider = {
  id: 'moonshot',
  name: 'Moonshot AI',
  baseUrl: 'https://api.moonshot.ai/v1',
  apiKeyVariable: 'MOONSHOT_API_KEY',
  dialect: openAiDialect,
  modelsDevId: 'moonshotai',
  priceListId: 'moonshotai',
  isAuthor: true,
};
