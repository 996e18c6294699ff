import { JsonDocument, objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { ChatCall, ChatReply } from '../../dialect.js';
import { objects, writtenText } from '../chat-chunk.js';
import { openAiUsage } from '../translation/shown-usage.js';
import { annotations } from './citations.js';
import { readUsage } from './converse-usage.js';
import { finishReason } from './finish-reason.js';
import { thoughtDetails, thoughtFormat } from './reasoning-details.js';
import { wantedReply } from './wanted-reply.js';

/** A whole reply of Converse's as a `chat.completion`. */
export function chatCompletion(reply: JsonObject, call: ChatCall): ChatReply {
  const choice = choiceOf(reply, call);
  const given = objectMember(reply, 'usage');
  const usage = given && readUsage(given);
  const document = JsonDocument.of({
    id: call.requestId,
    object: 'chat.completion',
    created: call.createdAt,
    model: call.nativeModel,
    choices: [choice],
    ...(usage && { usage: openAiUsage(usage) }),
  });
  return { document, usage, text: () => writtenText(choice) };
}

/** The blocks of a reply's message; undefined when it has none. */
export function replyBlocks(reply: JsonObject): JsonObject[] | undefined {
  const content = objectMember(objectMember(reply, 'output') ?? {}, 'message')?.['content'];
  return Array.isArray(content) ? objects(content) : undefined;
}

/** What the model calls, but for tools that run at Amazon. */
export function isCallersTool({ type }: JsonObject): boolean {
  return type !== 'server_tool_use';
}

function choiceOf(reply: JsonObject, call: ChatCall): JsonObject {
  const wanted = wantedReply(call);
  const blocks = replyBlocks(reply) ?? [];
  const called = objects(blocks.map(({ toolUse }) => toolUse)).filter(isCallersTool);
  const answer = called.find(({ name }) => name === wanted.answerTool);
  const calls = called.filter(({ name }) => name !== wanted.answerTool);
  const message = {
    role: 'assistant',
    ...(answer ? { content: JSON.stringify(answer['input'] ?? {}) } : said(blocks, calls.length > 0)),
    refusal: null,
    ...(!wanted.hidesReasoning && thought(blocks, call.nativeModel)),
    ...(calls.length > 0 && { tool_calls: calls.map(toolCall) }),
  };
  const reason = answer && calls.length === 0 ? 'stop' : finishReason(reply['stopReason']);
  return { index: 0, message, logprobs: null, finish_reason: reason };
}

/** What was said, and where the parts of it come from. */
function said(blocks: readonly JsonObject[], hasCalls: boolean): JsonObject {
  let content = '';
  const cited: JsonObject[] = [];
  for (const block of blocks) {
    const { content: parts, citations } = objectMember(block, 'citationsContent') ?? {};
    const texts = [block, ...objects(parts)].map(({ text }) => text).filter((text) => typeof text === 'string');
    const start = content.length;
    content += texts.join('');
    cited.push(...annotations(objects(citations), { start, end: content.length }));
  }
  const isSilent = content === '' && hasCalls;
  return { content: isSilent ? null : content, ...(cited.length > 0 && { annotations: cited }) };
}

function thought(blocks: readonly JsonObject[], model: string): JsonObject {
  const thoughts = objects(blocks.map(({ reasoningContent }) => reasoningContent));
  if (thoughts.length === 0) return {};
  const details = thoughts.flatMap((one, index) => thoughtDetails(one, thoughtFormat(model), index));
  const texts = details.map(({ text }) => text).filter((text) => typeof text === 'string');
  return { reasoning_content: texts.join(''), reasoning_details: details };
}

function toolCall({ toolUseId: id, name, input }: JsonObject): JsonObject {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input ?? {}) } };
}
