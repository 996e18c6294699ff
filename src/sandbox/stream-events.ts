import type { Answer } from './answer.js';
import type { Behaviour } from './behaviour.js';
import type { Choice } from './completion.js';
import { type Envelope, FINGERPRINT } from './envelope.js';
import { logprobsFor } from './logprobs.js';
import { splitIntoTokens } from './tokens.js';
import type { ToolCall } from './tool-calls.js';

/** One `data:` line of a stream. `output` carries what the model says: text, reasoning or a tool call. */
export interface StreamEvent {
  readonly kind: 'role' | 'output' | 'frame' | 'finish' | 'usage' | 'done' | 'foreign';
  /** Its `event:` line, for those APIs that have one. */
  readonly name?: string;
  readonly data: string;
}

const TOOL_FRAGMENTS = 3;

/** Pure: the completion as the events of a faultless stream. */
export function streamEvents(answer: Answer): StreamEvent[] {
  const { request, completion } = answer;
  const perChoice = completion.choices.map((choice) => outputOf(choice, answer));
  const events = [
    ...completion.choices.map((choice) => roleOf(choice, answer)),
    ...interleave(perChoice),
    ...completion.choices.map((choice) => finishOf(choice, answer)),
  ];
  if (request.includesUsage && answer.behaviour.fault !== 'no_usage') events.push(usageOf(answer));
  return [...events, { kind: 'done', data: '[DONE]' }];
}

function roleOf(choice: Choice, answer: Answer): StreamEvent {
  const content = choice.toolCalls.length > 0 ? null : '';
  const hasRole = answer.behaviour.fault !== 'no_role';
  const delta = { ...(hasRole && { role: 'assistant' }), content, refusal: null };
  return { kind: 'role', data: chunk(answer, choice, { delta }) };
}

function outputOf(choice: Choice, answer: Answer): StreamEvent[] {
  const { request, behaviour } = answer;
  const deltas = [
    ...pieces(choice.reasoning, behaviour.chunks).map((piece) => ({ delta: { reasoning_content: piece } })),
    ...pieces(choice.text, behaviour.chunks).map((piece) => ({
      delta: { content: piece },
      ...(request.topLogprobs !== undefined && { logprobs: logprobsFor(piece, request.topLogprobs) }),
    })),
    ...choice.toolCalls.flatMap((call, position) => toolDeltas(call, position, behaviour)),
  ];
  return deltas.map((delta) => ({ kind: 'output', data: chunk(answer, choice, delta) }));
}

/** Id and name come with the first fragment only, unless the fault wants a provider that does not know that. */
function toolDeltas(call: ToolCall, position: number, { fault }: Behaviour): object[] {
  const isConfused = fault === 'bad_tool_index';
  const index = isConfused ? 0 : position;
  const fragments = ['', ...pieces(call.arguments, TOOL_FRAGMENTS)];
  return fragments.map((fragment, order) => {
    const isNamed = order === 0 || isConfused;
    const said = { ...(isNamed && { name: call.name }), arguments: fragment };
    return { delta: { tool_calls: [{ index, ...(isNamed && { id: call.id, type: 'function' }), function: said }] } };
  });
}

function finishOf(choice: Choice, answer: Answer): StreamEvent {
  return { kind: 'finish', data: chunk(answer, choice, { delta: {}, finish_reason: choice.finishReason }) };
}

function usageOf({ envelope, completion }: Answer): StreamEvent {
  const { usage } = completion;
  const data = { ...headOf(envelope), choices: [], usage };
  return { kind: 'usage', data: JSON.stringify(data) };
}

/** A chunk of one choice. With usage asked for, OpenAI says `usage: null` in every chunk but the last. */
function chunk({ request, envelope }: Answer, { index }: Choice, content: object): string {
  const choice = { index, delta: {}, logprobs: null, finish_reason: null, ...content };
  return JSON.stringify({
    ...headOf(envelope),
    choices: [choice],
    ...(request.includesUsage && { usage: null }),
  });
}

function headOf(envelope: Envelope): object {
  const { id, created, model } = envelope;
  return {
    id,
    object: 'chat.completion.chunk',
    created,
    model,
    service_tier: 'default',
    system_fingerprint: FINGERPRINT,
  };
}

/** The text in this many pieces of nearly one size (at most one a character); without a number, token by token. */
export function pieces(text: string, count: number | undefined): string[] {
  if (count === undefined || text === '') return splitIntoTokens(text);
  const characters = Array.from(text);
  const parts = Math.max(1, Math.min(count, characters.length));
  const edge = (part: number): number => Math.floor((part * characters.length) / parts);
  return Array.from({ length: parts }, (_, part) => characters.slice(edge(part), edge(part + 1)).join(''));
}

/** Choices of one reply arrive mixed, as they do from providers that sample them side by side. */
function interleave(lists: readonly StreamEvent[][]): StreamEvent[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list[turn] ?? [])).flat();
}
