import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const huggingFace: LlmProvider = {
  id: 'huggingface',
  name: 'Hugging Face',
  baseUrl: 'https://router.huggingface.co/v1',
  apiKeyVariable: 'HF_TOKEN',
  dialect: openAiDialect,
  billsWhenCancelled: true,
  priceListId: null,
};
