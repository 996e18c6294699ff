import type { ChatCall, ChatReply, Dialect, DialectTraits, UpstreamBody } from '../../dialect.js';
import { InBandFailureError, UndecodableReplyError } from '../../upstream-errors.js';
import { parseReply, readFailureBody } from '../translation/reply-json.js';
import { malformedOutput, readConverseFailure } from './converse-failure.js';
import { chatCompletion, replyBlocks } from './converse-reply.js';
import { converseRequest } from './converse-request.js';
import { ConverseStreamDecoder } from './converse-stream.js';
import { droppedParameters } from './dropped-parameters.js';

/** Amazon Bedrock's Converse, the same for all models that it serves, in OpenAI's words. */
export const bedrockDialect: Dialect = {
  chatRequest,
  dropped: (request) => droppedParameters(request, String(request['model'])),
  chatReply,
  chatStream: (call, provider) => new ConverseStreamDecoder(provider, call),
  failure: (body) => readFailureBody(body, readConverseFailure),
  // Its list of models is at another host.
  models: () => [],
};

function chatRequest(call: ChatCall, { chatPath = '/model/{model}' }: DialectTraits): UpstreamBody {
  const operation = call.isStream ? '/converse-stream' : '/converse';
  const path = chatPath.replace('{model}', encodeURIComponent(call.nativeModel)) + operation;
  return { path, body: Buffer.from(JSON.stringify(converseRequest(call))) };
}

function chatReply(bytes: Buffer, call: ChatCall, provider: DialectTraits): ChatReply {
  const { value } = parseReply(bytes, provider.id);
  const failure = malformedOutput(value['stopReason']);
  if (failure) throw new InBandFailureError(failure);
  if (!replyBlocks(value)) throw new UndecodableReplyError(`${provider.id} answered without content.`);
  return chatCompletion(value, call);
}
