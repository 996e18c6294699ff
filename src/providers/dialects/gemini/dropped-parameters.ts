import { isJsonObject, type JsonObject } from '../../../platform/json/json-document.js';
import { reasoningWish } from '../translation/reasoning-wish.js';
import { unknownParameters } from '../translation/unknown-parameters.js';
import { geminiTraits } from './gemini-traits.js';

const KNOWN = new Set([
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'top_k',
  'n',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'stop',
  'logprobs',
  'top_logprobs',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'modalities',
  'reasoning_effort',
  'reasoning',
  'include_reasoning',
  // Google's own.
  'thinking_config',
  'safety_settings',
  'cached_content',
  'labels',
]);

/**
 * What of a request this model would not get: what Google has no word for, and what does not go together there.
 * `model` may be a name of ours, too: what models differ in is read from the part that is Google's.
 */
export function droppedParameters(request: JsonObject, model: string): string[] {
  const traits = geminiTraits(model);
  const { tools, response_format: format, parallel_tool_calls: parallel } = request;
  const wantsJson = isJsonObject(format) && format['type'] !== 'text';
  const hasTools = Array.isArray(tools) && tools.length > 0;
  const isUnthought = traits.thinking === 'none' && reasoningWish(request).isWanted;
  return [
    ...unknownParameters(request, KNOWN),
    ...(wantsJson && hasTools && !traits.takesJsonWithTools ? ['response_format'] : []),
    ...(parallel === false ? ['parallel_tool_calls'] : []),
    ...(isUnthought ? ['reasoning', 'reasoning_effort'].filter((name) => request[name] !== undefined) : []),
  ];
}
