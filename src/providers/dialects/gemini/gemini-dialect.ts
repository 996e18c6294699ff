import type { ChatCall, ChatReply, Dialect, DialectTraits, UpstreamBody } from '../../dialect.js';
import { isJsonObject } from '../../../platform/json/json-document.js';
import { InBandFailureError, UndecodableReplyError } from '../../upstream-errors.js';
import { parseReply, readFailureBody } from '../translation/reply-json.js';
import { droppedParameters } from './dropped-parameters.js';
import { malformedCall, readGeminiFailure } from './gemini-failure.js';
import { discoveredModels } from './gemini-models.js';
import { chatCompletion } from './gemini-reply.js';
import { generateRequest } from './gemini-request.js';
import { GeminiStreamDecoder } from './gemini-stream.js';

/** Google's generateContent, as AI Studio and Vertex speak it, in OpenAI's words. */
export const geminiDialect: Dialect = {
  chatRequest,
  dropped: (request) => droppedParameters(request, String(request['model'])),
  chatReply,
  chatStream: (call, provider) => new GeminiStreamDecoder(provider, call),
  failure: (body) => readFailureBody(firstOfList(body), readGeminiFailure),
  models: (body) => discoveredModels(parseReply(body, 'The provider').value),
};

function chatRequest(call: ChatCall, { chatPath = '/models/{model}' }: DialectTraits): UpstreamBody {
  const method = call.isStream ? ':streamGenerateContent?alt=sse' : ':generateContent';
  const path = chatPath.replace('{model}', encodeURIComponent(call.nativeModel)) + method;
  return { path, body: Buffer.from(JSON.stringify(generateRequest(call))) };
}

function chatReply(bytes: Buffer, call: ChatCall, provider: DialectTraits): ChatReply {
  const { value } = parseReply(bytes, provider.id);
  if (isJsonObject(value['error'])) throw new InBandFailureError(readGeminiFailure(value));
  const failure = malformedCall(value);
  if (failure) throw new InBandFailureError(failure);
  if (!Array.isArray(value['candidates']) && !isJsonObject(value['promptFeedback'])) {
    throw new UndecodableReplyError(`${provider.id} answered without candidates.`);
  }
  return chatCompletion(value, call);
}

/** A failed stream is answered with a list of one failure. */
function firstOfList(body: Buffer): Buffer {
  const text = body.toString('utf8').trim();
  return text.startsWith('[') ? Buffer.from(text.slice(1, -1)) : body;
}
