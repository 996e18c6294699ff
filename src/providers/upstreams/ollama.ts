import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';

/** Needs no key and no configuration: it serves as soon as its list of models can be read. */
export const ollama: LlmProvider = {
  id: 'ollama',
  name: 'Ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  dialect: openAiDialect,
  priceListId: null,
  modelsDevId: null,
  isFree: true,
  // A model may have to be loaded into memory first.
  deadlines: { firstTokenMs: 300_000 },
};
