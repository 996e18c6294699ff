import { geminiDialect } from '../dialects/gemini/gemini-dialect.js';
import type { LlmProvider } from '../llm-provider.js';
import { GoogleCredentials } from '../signing/google-credentials.js';

const ID = 'google-vertex';

export const googleVertex: LlmProvider = {
  id: ID,
  name: 'Google Vertex AI',
  baseUrl:
    'https://{GOOGLE_VERTEX_LOCATION}-aiplatform.googleapis.com/v1/projects/{GOOGLE_PROJECT_ID}/locations/{GOOGLE_VERTEX_LOCATION}',
  // Some models are on `global` only, which has no host of its own.
  correctBaseUrl: (url) => url.replace('//global-aiplatform', '//aiplatform'),
  signer: ({ GOOGLE_APPLICATION_CREDENTIALS: given }) => (given ? new GoogleCredentials(ID, given) : undefined),
  credentialVariables: ['GOOGLE_APPLICATION_CREDENTIALS'],
  dialect: geminiDialect,
  chatPath: '/publishers/google/models/{model}',
  listsModels: false,
  modelPrefix: 'google',
  priceListId: 'google',
};
