import type { LlmProvider } from './llm-provider.js';
import { alibaba } from './upstreams/alibaba.js';
import { amazonBedrock } from './upstreams/amazon-bedrock.js';
import { anthropic } from './upstreams/anthropic.js';
import { azure } from './upstreams/azure.js';
import { cerebras } from './upstreams/cerebras.js';
import { chutes } from './upstreams/chutes.js';
import { cloudflare } from './upstreams/cloudflare.js';
import { cohere } from './upstreams/cohere.js';
import { deepInfra } from './upstreams/deepinfra.js';
import { deepSeek } from './upstreams/deepseek.js';
import { featherless } from './upstreams/featherless.js';
import { fireworks } from './upstreams/fireworks.js';
import { google } from './upstreams/google.js';
import { googleVertex } from './upstreams/google-vertex.js';
import { groq } from './upstreams/groq.js';
import { huggingFace } from './upstreams/huggingface.js';
import { miniMax } from './upstreams/minimax.js';
import { mistral } from './upstreams/mistral.js';
import { moonshot } from './upstreams/moonshot.js';
import { near } from './upstreams/near.js';
import { nebius } from './upstreams/nebius.js';
import { novita } from './upstreams/novita.js';
import { ollama } from './upstreams/ollama.js';
import { openai } from './upstreams/openai.js';
import { openRouter } from './upstreams/openrouter.js';
import { perplexity } from './upstreams/perplexity.js';
import { sandbox } from './upstreams/sandbox.js';
import { together } from './upstreams/together.js';
import { xAi } from './upstreams/xai.js';
import { zAi } from './upstreams/zai.js';

/** The table of contents: a new provider is a file of `upstreams/` and a line here. */
export const ALL_PROVIDERS: readonly LlmProvider[] = [
  openai,
  anthropic,
  google,
  googleVertex,
  amazonBedrock,
  azure,
  openRouter,
  xAi,
  deepSeek,
  mistral,
  cohere,
  groq,
  cerebras,
  together,
  fireworks,
  deepInfra,
  featherless,
  novita,
  nebius,
  huggingFace,
  moonshot,
  miniMax,
  zAi,
  alibaba,
  perplexity,
  chutes,
  near,
  cloudflare,
  ollama,
  sandbox,
];
