import type { Behaviour } from './behaviour.js';
import { type ChatRequest, wordsOf } from './chat-request.js';
import type { ModelId } from './models.js';
import { valueFor } from './schema-value.js';
import { countTokens, fitToTokens, truncateToTokens } from './tokens.js';

const STORY_TOKENS = 256;
/** A client that sends its model's whole output limit as `max_tokens` shall not get a megabyte. */
const LONGEST_UNASKED_STORY = 4096;

/** Not all of it is ASCII, so that whoever cuts bytes in the wrong place is found out. */
const STORY = [
  'Once there was a gateway at the edge of a snowy plain (雪).',
  'Every traveller who passed it asked a question, and every question went out on a different road.',
  'Some roads were quick, some were dear, and one, the Café Road, was closed each time it rained.',
  'The keeper wrote down each journey, to the last nano-dollar, and slept well. 🌙',
  'One night a voice stopped in the middle of a',
  'sentence; the keeper sent the question down another road, and nobody noticed.',
];

export const TINY_TEXT =
  'This is tiny-1, a simulated model of the GatewayZ sandbox. It gives this one reply to every request, at once, ' +
  'so that a benchmark measures the gateway in front of it and nothing else.';

type Writer = (request: ChatRequest, behaviour: Behaviour) => string;

const WRITERS: Readonly<Record<ModelId, Writer>> = {
  'echo-1': echo,
  'reason-1': echo,
  'story-1': (request, behaviour) => story(behaviour.tokens ?? unaskedLength(request.maxTokens)),
  'tiny-1': () => TINY_TEXT,
};

/** The whole answer, before stop sequences and token limits. The same request always gets the same answer. */
export function completionText(request: ChatRequest, behaviour: Behaviour): string {
  const prompt = wordsOf(request.messages.at(-1));
  if (request.format.kind === 'schema') return JSON.stringify(valueFor(request.format.schema));
  if (request.format.kind === 'json') return JSON.stringify({ echo: prompt });
  const text = WRITERS[request.model](request, behaviour);
  return behaviour.tokens === undefined ? text : fitToTokens(text, behaviour.tokens);
}

/** What `reason-1` thinks before it speaks; nothing for the others. */
export function reasoningText(request: ChatRequest): string {
  if (request.model !== 'reason-1') return '';
  const prompt = truncateToTokens(wordsOf(request.messages.at(-1)), 50);
  return `I am a simulated model, so I only pretend to think. The question is: ${prompt} The answer will be an echo.`;
}

/** The beginning of the text up to the first stop sequence, which itself is not said. */
export function cutAtStop(text: string, stops: readonly string[]): string {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((end) => end >= 0);
  return ends.length > 0 ? text.slice(0, Math.min(...ends)) : text;
}

function echo(request: ChatRequest): string {
  const last = request.messages.at(-1);
  const heard = last?.['role'] === 'tool' ? 'The tool said' : 'You said';
  return `This is ${request.model}, a simulated model of the GatewayZ sandbox. ${heard}: ${wordsOf(last)}`;
}

function story(tokens: number): string {
  const told = ['This is story-1, a simulated model of the GatewayZ sandbox, and a story that nobody wrote.'];
  let length = 0;
  for (let chapter = 1; length < tokens; chapter++) {
    const text = `\n\nChapter ${chapter}. ${STORY.join(' ')}`;
    told.push(text);
    length += countTokens(text);
  }
  return truncateToTokens(told.join(''), tokens);
}

/** One token more than is allowed: the story never ends by itself, so its reply ends with `length`. */
function unaskedLength(maxTokens: number | undefined): number {
  return maxTokens === undefined ? STORY_TOKENS : Math.min(maxTokens + 1, LONGEST_UNASKED_STORY);
}
