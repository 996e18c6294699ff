import type { ChatCall, ChatReply, Dialect, DialectTraits } from '../../dialect.js';
import { InBandFailureError, UndecodableReplyError } from '../../upstream-errors.js';
import { parseReply, readFailureBody } from '../translation/reply-json.js';
import { readAnthropicFailure } from './anthropic-failure.js';
import { discoveredModels } from './anthropic-models.js';
import { chatCompletion } from './anthropic-reply.js';
import { messagesRequest } from './anthropic-request.js';
import { AnthropicStreamDecoder } from './anthropic-stream.js';
import { droppedParameters } from './dropped-parameters.js';
import { wantedReply } from './wanted-reply.js';

/** Anthropic's Messages, in OpenAI's words. */
export const anthropicDialect: Dialect = {
  chatRequest: (call, { chatPath = '/messages' }) => ({
    path: chatPath,
    body: Buffer.from(JSON.stringify(messagesRequest(call))),
  }),
  dropped: (request) => droppedParameters(request, String(request['model'])),
  chatReply,
  chatStream: (call, provider) =>
    new AnthropicStreamDecoder(provider, call, wantedReply(call.request.value, call.nativeModel)),
  failure: (body) => readFailureBody(body, readAnthropicFailure),
  models: (body) => discoveredModels(parseReply(body, 'The provider').value),
};

function chatReply(bytes: Buffer, call: ChatCall, provider: DialectTraits): ChatReply {
  const { value } = parseReply(bytes, provider.id);
  if (value['type'] === 'error') throw new InBandFailureError(readAnthropicFailure(value));
  if (!Array.isArray(value['content'])) throw new UndecodableReplyError(`${provider.id} answered without content.`);
  return chatCompletion(value, call, wantedReply(call.request.value, call.nativeModel));
}
