import { JsonDocument, objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { ChatCall, ChatReply } from '../../dialect.js';
import { objects, writtenText } from '../chat-chunk.js';
import { hidesReasoning } from '../translation/reasoning-wish.js';
import { openAiUsage } from '../translation/shown-usage.js';
import { finishReason } from './finish-reason.js';
import { PartReader } from './gemini-parts.js';
import { readUsage } from './gemini-usage.js';
import { annotations } from './grounding.js';
import { logprobsOf } from './logprobs.js';

/** A whole reply of Google's as a `chat.completion`. */
export function chatCompletion(reply: JsonObject, call: ChatCall): ChatReply {
  const candidates = objects(reply['candidates']);
  const isBlocked = objectMember(reply, 'promptFeedback')?.['blockReason'] !== undefined;
  const choices = isBlocked ? [blockedChoice(reply)] : candidates.map((one, at) => choiceOf(one, at, call));
  const given = objectMember(reply, 'usageMetadata');
  const usage = given && readUsage(given);
  const document = JsonDocument.of({
    id: reply['responseId'] ?? call.requestId,
    object: 'chat.completion',
    created: call.createdAt,
    model: reply['modelVersion'] ?? call.nativeModel,
    choices,
    ...(usage && { usage: openAiUsage(usage) }),
  });
  return { document, usage, text: () => choices.map(writtenText).join('') };
}

/** The id of a call that Google gave none. */
export function callId(call: ChatCall, choice: number, index: number): string {
  return `call_${call.requestId.replace(/\W/g, '')}_${choice}_${index}`;
}

function choiceOf(candidate: JsonObject, at: number, call: ChatCall): JsonObject {
  const index = typeof candidate['index'] === 'number' ? candidate['index'] : at;
  const reader = new PartReader((number) => callId(call, index, number), hidesReasoning(call.request.value));
  const parts = objects(objectMember(candidate, 'content')?.['parts']);
  const message = gathered([...parts.flatMap((part) => reader.read(part)), ...reader.closed()]);
  const cited = annotations(objectMember(candidate, 'groundingMetadata'), textOf(message['content']));
  return {
    index,
    message: { ...message, ...(cited.length > 0 && { annotations: cited }) },
    logprobs: logprobsOf(candidate),
    finish_reason: finishReason(candidate['finishReason'], reader.hasCalls),
  };
}

/** Google refused the prompt, and says why. */
function blockedChoice(reply: JsonObject): JsonObject {
  const message = { role: 'assistant', content: '', refusal: blockMessage(reply) };
  return { index: 0, message, logprobs: null, finish_reason: 'content_filter' };
}

export function blockMessage(reply: JsonObject): string {
  const { blockReason, blockReasonMessage: message } = objectMember(reply, 'promptFeedback') ?? {};
  return typeof message === 'string' ? message : `The prompt was blocked: ${String(blockReason).toLowerCase()}.`;
}

/** The message that these deltas make together. */
function gathered(deltas: readonly JsonObject[]): JsonObject {
  const message: JsonObject = { role: 'assistant', content: '', refusal: null };
  for (const { content, reasoning_content: thought, reasoning_details: details, images, tool_calls: calls } of deltas) {
    if (typeof content === 'string') message['content'] = `${textOf(message['content'])}${content}`;
    if (typeof thought === 'string') message['reasoning_content'] = `${textOf(message['reasoning_content'])}${thought}`;
    for (const [name, added] of Object.entries({ reasoning_details: details, images }))
      if (added !== undefined) message[name] = [...objects(message[name]), ...objects(added)];
    if (calls !== undefined) message['tool_calls'] = withFragments(objects(message['tool_calls']), objects(calls));
  }
  const isSilent = message['content'] === '' && message['tool_calls'] !== undefined;
  return isSilent ? { ...message, content: null } : message;
}

function withFragments(calls: JsonObject[], fragments: readonly JsonObject[]): JsonObject[] {
  for (const { index, ...fragment } of fragments) {
    const known = calls[Number(index)];
    if (!known) {
      calls[Number(index)] = fragment;
      continue;
    }
    const [before, added] = [objectMember(known, 'function'), objectMember(fragment, 'function')];
    const text = `${textOf(before?.['arguments'])}${textOf(added?.['arguments'])}`;
    calls[Number(index)] = { ...known, function: { ...before, arguments: text } };
  }
  return calls;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
