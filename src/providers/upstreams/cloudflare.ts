import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const cloudflare: LlmProvider = {
  id: 'cloudflare',
  name: 'Cloudflare Workers AI',
  baseUrl: 'https://api.cloudflare.com/client/v4/accounts/{CLOUDFLARE_ACCOUNT_ID}/ai/v1',
  apiKeyVariable: 'CLOUDFLARE_API_TOKEN',
  dialect: openAiDialect,
  modelsDevId: 'cloudflare-workers-ai',
  // Its list of models is not OpenAI's.
  listsModels: false,
};
