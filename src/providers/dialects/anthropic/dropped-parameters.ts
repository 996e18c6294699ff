import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { claudeTraits, type ClaudeTraits } from './claude-traits.js';
import { isAskedToThink, reasoningWish } from './reasoning-wish.js';
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
/** What the gateway itself deals with. */
const NOT_THE_PROVIDERS = [
  'model',
  'messages',
  'stream',
  'stream_options',
  'models',
  'provider',
  'session_id',
  'usage',
  'user',
  'metadata',
  'store',
  'transforms',
  'plugins',
];
const KNOWN = new Set<string>([...OWN_PARAMETERS, ...TRANSLATED, ...NOT_THE_PROVIDERS]);
/** Parameters are called so. What else stands in a request is none, and could not be named in a header. */
const NAME = /^\w{1,64}$/;
/** Values that ask for nothing but the usual. */
const USUAL: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['n', 1],
  ['logprobs', false],
  ['frequency_penalty', 0],
  ['presence_penalty', 0],
]);

/**
 * What of a request this model would not get: what Anthropic has no word for, and what does not go together there.
 * `model` may be a name of ours, too: what models differ in is read from the part that is Anthropic's.
 */
export function droppedParameters(request: JsonObject, model: string): string[] {
  const given = Object.keys(request).filter((name) => request[name] !== undefined && request[name] !== null);
  const unknown = given.filter((name) => NAME.test(name) && !KNOWN.has(name) && request[name] !== USUAL.get(name));
  const contrary = contraryParameters(request, model).filter((name) => given.includes(name));
  return [...unknown, ...contrary];
}

function contraryParameters(request: JsonObject, model: string): string[] {
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

/** OpenAI's `stop`, one or several. */
export function stopSequences(stop: unknown): string[] {
  const given: unknown[] = Array.isArray(stop) ? stop : [stop];
  return given.filter((sequence) => typeof sequence === 'string');
}

/** Anthropic's word for OpenAI's; undefined where it has none. */
export function serviceTier(given: unknown): string | undefined {
  if (given === 'default') return 'standard_only';
  return given === 'auto' || given === 'standard_only' ? given : undefined;
}
