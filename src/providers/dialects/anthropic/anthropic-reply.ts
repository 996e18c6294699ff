import { JsonDocument, objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { ChatCall, ChatReply } from '../../dialect.js';
import { objects, writtenText } from '../chat-chunk.js';
import { openAiUsage } from '../translation/shown-usage.js';
import { readUsage } from './anthropic-usage.js';
import { annotations } from './citations.js';
import { finishReason } from './finish-reason.js';
import { encryptedDetail, thoughtDetail } from './reasoning-details.js';
import type { WantedReply } from './wanted-reply.js';

/** A whole message of Anthropic's as a `chat.completion`. */
export function chatCompletion(message: JsonObject, call: ChatCall, wanted: WantedReply): ChatReply {
  const choice = choiceOf(message, wanted);
  const given = objectMember(message, 'usage');
  const usage = given && readUsage(given);
  const document = JsonDocument.of({
    id: message['id'] ?? call.requestId,
    object: 'chat.completion',
    created: call.createdAt,
    model: message['model'] ?? call.nativeModel,
    choices: isEmpty(message) ? [] : [choice],
    ...(usage && { usage: openAiUsage(usage) }),
  });
  return { document, usage, text: () => writtenText(choice) };
}

/** Neither a word nor a reason: the model did not answer. */
function isEmpty({ content, stop_reason: reason = null }: JsonObject): boolean {
  return reason === null && objects(content).length === 0;
}

function choiceOf(message: JsonObject, { answerTool, hidesReasoning }: WantedReply): JsonObject {
  const blocks = objects(message['content']);
  const called = blocks.filter(({ type }) => type === 'tool_use');
  const answer = called.find(({ name }) => name === answerTool);
  const calls = called.filter(({ name }) => name !== answerTool);
  const spoken = {
    role: 'assistant',
    ...(answer ? answered(answer) : said(blocks, calls.length > 0)),
    refusal: objectMember(message, 'stop_details')?.['explanation'] ?? null,
    ...(!hidesReasoning && thought(blocks)),
    ...(calls.length > 0 && { tool_calls: calls.map(toolCall) }),
  };
  const reason = answer && calls.length === 0 ? 'stop' : finishReason(message['stop_reason']);
  return { index: 0, message: spoken, logprobs: null, finish_reason: reason };
}

function answered({ input }: JsonObject): JsonObject {
  return { content: JSON.stringify(input ?? {}) };
}

/** What was said, and where the parts of it come from. A summary of what was said before counts as said. */
function said(blocks: readonly JsonObject[], hasCalls: boolean): JsonObject {
  let content = '';
  const cited: JsonObject[] = [];
  for (const { type, text, content: summary, citations } of blocks) {
    const piece = type === 'compaction' ? summary : text;
    if ((type !== 'text' && type !== 'compaction') || typeof piece !== 'string') continue;
    const range = { start: content.length, end: content.length + piece.length };
    content += piece;
    cited.push(...annotations(objects(citations), range));
  }
  const isSilent = content === '' && hasCalls;
  return { content: isSilent ? null : content, ...(cited.length > 0 && { annotations: cited }) };
}

function thought(blocks: readonly JsonObject[]): JsonObject {
  const thoughts = blocks.filter(({ type }) => type === 'thinking' || type === 'redacted_thinking');
  if (thoughts.length === 0) return {};
  const details = thoughts.map(({ type, thinking, signature, data }, index) =>
    type === 'thinking' ? thoughtDetail({ text: thinking, signature }, index) : encryptedDetail(data, index),
  );
  const texts = thoughts.map(({ thinking }) => thinking).filter((thinking) => typeof thinking === 'string');
  return { reasoning_content: texts.join(''), reasoning_details: details };
}

function toolCall({ id, name, input }: JsonObject): JsonObject {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input ?? {}) } };
}
