import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const azure: LlmProvider = {
  id: 'azure',
  name: 'Azure OpenAI',
  baseUrl: '{AZURE_OPENAI_ENDPOINT}/openai',
  apiKeyVariable: 'AZURE_OPENAI_API_KEY',
  dialect: openAiDialect,
  authorize: (apiKey) => ({ 'api-key': apiKey }),
  // A deployment is taken to be named after its model.
  chatPath: '/deployments/{model}/chat/completions?api-version=2025-04-01-preview',
  listsModels: false,
  modelPrefix: 'openai',
  maxTokensParameter: 'max_completion_tokens',
};
