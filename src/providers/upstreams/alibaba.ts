import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

export const alibaba: LlmProvider = {
  id: 'alibaba',
  name: 'Alibaba Cloud',
  baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  apiKeyVariable: 'DASHSCOPE_API_KEY',
  dialect: openAiDialect,
  billsWhenCancelled: true,
  priceListId: null,
  isAuthor: true,
};
