import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

/** Any OpenAI-compatible server of `GATEWAYZ_PROVIDERS`: vLLM, llama.cpp, LM Studio, SGLang, a proxy. */
export function ownServer(id: string, baseUrl: string): LlmProvider {
  return {
    id,
    name: id,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    apiKeyVariable: `${id.toUpperCase().replaceAll('-', '_')}_API_KEY`,
    dialect: openAiDialect,
    priceListId: null,
    modelsDevId: null,
    isFree: true,
    deadlines: { firstTokenMs: 300_000 },
  };
}
