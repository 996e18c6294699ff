import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { claudeTraits, type ClaudeTraits } from './claude-traits.js';
import { reasoningWish } from '../translation/reasoning-wish.js';
import { stopSequences } from '../translation/stop-sequences.js';
import { unknownParameters } from '../translation/unknown-parameters.js';
import { isAskedToThink } from './asked-to-think.js';
import { isToolDemanded } from './tool-choice.js';

/**
 * Members of Anthropic's own, which travel on as they are. Those that change the price (`speed`, `inference_geo`,
 * `fallbacks`) are not among them: a call costs what its offer says.
 */
export const OWN_PARAMETERS = [
  'top_k',
  'thinking',
  'cache_control',
  'container',
  'context_management',
  'mcp_servers',
  'safeguards',
  'compaction',
] as const;
const TRANSLATED = [
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'stop',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'reasoning_effort',
  'reasoning',
  'include_reasoning',
  'output_config',
  'service_tier',
];
const KNOWN = new Set<string>([...OWN_PARAMETERS, ...TRANSLATED]);

/**
 * What of a request this model would not get: what Anthropic has no word for, and what does not go together there.
 * `model` may be a name of ours, too: what models differ in is read from the part that is Anthropic's.
 */
export function droppedParameters(request: JsonObject, model: string): string[] {
  const isGiven = (name: string): boolean => request[name] !== undefined && request[name] !== null;
  return [...unknownParameters(request, KNOWN), ...contraryParameters(request, model).filter(isGiven)];
}

/** What does not go together in a request to this model, given or not. */
export function contraryParameters(request: JsonObject, model: string): string[] {
  const traits = claudeTraits(model);
  return [
    ...contraryToThinking(request, traits),
    ...(isToolDemanded(request) && !traits.takesForcedTool ? ['tool_choice'] : []),
    ...(stopSequences(request['stop']).some(isBlank) ? ['stop'] : []),
    ...(serviceTier(request['service_tier']) === undefined ? ['service_tier'] : []),
  ];
}

/** A model that must call a tool does not think, and one that thinks is not to be sampled otherwise. */
function contraryToThinking(request: JsonObject, traits: ClaudeTraits): string[] {
  const isAsked = isAskedToThink(request, traits);
  const isForced = isToolDemanded(request) && traits.takesForcedTool;
  const isThinking = isAsked && (!isForced || objectMember(request, 'thinking') !== undefined);
  const unthought = reasoningWish(request).isWanted && !isThinking ? ['reasoning', 'reasoning_effort'] : [];
  if (isThinking || !traits.takesSampling) return [...unthought, 'temperature', 'top_p', 'top_k'];
  // Newer models take one of the two, and clients that send both mean the first.
  return typeof request['temperature'] === 'number' ? [...unthought, 'top_p'] : unthought;
}

/** Anthropic refuses to stop at white space. */
export function isBlank(stop: string): boolean {
  return stop.trim() === '';
}

/** Anthropic's word for OpenAI's; undefined where it has none. */
export function serviceTier(given: unknown): string | undefined {
  if (given === 'default') return 'standard_only';
  return given === 'auto' || given === 'standard_only' ? given : undefined;
}
