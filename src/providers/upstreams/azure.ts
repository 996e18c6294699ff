import { modelNames, text } from '../../config/knob.js';
import { openAiDialect } from '../dialects/openai/openai-dialect.js';
import type { LlmProvider } from '../llm-provider.js';
import { ownSettings } from '../own-settings.js';

const API_VERSION = '2025-04-01-preview';
const MAKER = 'openai';

export const azure: LlmProvider = {
  id: 'azure',
  name: 'Azure OpenAI',
  baseUrl: '{AZURE_OPENAI_ENDPOINT}/openai',
  apiKeyVariable: 'AZURE_OPENAI_API_KEY',
  dialect: openAiDialect,
  authorize: (apiKey) => ({ 'api-key': apiKey }),
  chatPath: chatPath(API_VERSION),
  listsModels: false,
  modelPrefix: MAKER,
  maxTokensParameter: 'max_completion_tokens',
  ownSettings: ownSettings(
    {
      AZURE_OPENAI_API_VERSION: text({ fallback: API_VERSION, why: 'The version of Azure OpenAI to speak.' }),
      AZURE_OPENAI_DEPLOYMENTS: modelNames(
        'Which models are deployed, and as what; without it each is taken to be deployed under its own name.',
      ),
    },
    ({ AZURE_OPENAI_API_VERSION: version, AZURE_OPENAI_DEPLOYMENTS: deployments }) => ({
      chatPath: chatPath(version),
      ...(deployments.size > 0 && { namesInPath: deployments, offeredModels: offered([...deployments.keys()]) }),
    }),
  ),
};

function chatPath(version: string): string {
  return `/deployments/{model}/chat/completions?api-version=${encodeURIComponent(version)}`;
}

function offered(models: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(models.map((model) => [model, [`${MAKER}/${model}`]]));
}
