import type { JsonObject } from '../../../platform/json/json-document.js';
import { contraryParameters } from '../anthropic/dropped-parameters.js';
import { isToolDemanded } from '../anthropic/tool-choice.js';
import { reasoningWish } from '../translation/reasoning-wish.js';
import { unknownParameters } from '../translation/unknown-parameters.js';
import { bedrockTraits } from './bedrock-traits.js';

/**
 * Members of Converse's own, which travel on as they are. Those that change the price (`serviceTier`,
 * `performanceConfig`) are not among them: a call costs what its offer says.
 */
export const OWN_PARAMETERS = ['guardrailConfig', 'requestMetadata'] as const;
const KNOWN = new Set<string>([
  ...OWN_PARAMETERS,
  'additionalModelRequestFields',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'reasoning_effort',
  'reasoning',
  'include_reasoning',
]);

/**
 * What of a request this model would not get: what Converse has no word for, and what its model does not know.
 * `model` may be a name of ours, too: what models differ in is read from the part that is their maker's.
 */
export function droppedParameters(request: JsonObject, model: string): string[] {
  const isGiven = (name: string): boolean => request[name] !== undefined && request[name] !== null;
  const known = [...KNOWN].filter(isGiven);
  const contrary = new Set([...contraryToModel(request, model), ...contraryToClaude(request, model)]);
  return [...unknownParameters(request, KNOWN), ...known.filter((name) => contrary.has(name))];
}

function contraryToClaude(request: JsonObject, model: string): readonly string[] {
  return bedrockTraits(model).thinking === 'claude' ? contraryParameters(request, model) : [];
}

function contraryToModel(request: JsonObject, model: string): string[] {
  const traits = bedrockTraits(model);
  const isUnthought = traits.thinking === 'none' && reasoningWish(request).isWanted;
  const isSingle = request['parallel_tool_calls'] === false;
  const refused: readonly (readonly [isRefused: boolean, names: readonly string[]])[] = [
    [!traits.takesTools, ['tools', 'tool_choice', 'parallel_tool_calls']],
    [isToolDemanded(request) && !traits.takesForcedTool, ['tool_choice']],
    [isSingle && !traits.takesToolLimits, ['parallel_tool_calls']],
    [!traits.takesStop, ['stop']],
    [!traits.takesSampling, ['temperature', 'top_p', 'top_k']],
    [traits.topK === 'none', ['top_k']],
    [isUnthought, ['reasoning', 'reasoning_effort']],
  ];
  return refused.flatMap(([isRefused, names]) => (isRefused ? names : []));
}
