import { isJsonObject, JsonDocument, objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { ChatCall, ChatReply, Dialect, DialectTraits, DiscoveredModel, UpstreamBody } from '../../dialect.js';
import { readModelList } from '../../model-list.js';
import { InBandFailureError, UndecodableReplyError } from '../../upstream-errors.js';
import { objects, writtenText } from '../chat-chunk.js';
import { parseReply, readFailureBody } from '../translation/reply-json.js';
import { readFailure } from './openai-failure.js';
import { OpenAiStreamDecoder } from './openai-stream.js';
import { readUsage, usageObject } from './openai-usage.js';
import { failedChoice, withRegularChoices } from './regular-choices.js';

/** OpenAI's Chat Completions, and everybody who speaks it. The client's own bytes travel on but for what must change. */
export const openAiDialect: Dialect = {
  chatRequest,
  dropped,
  chatReply,
  chatStream: (call, provider) => new OpenAiStreamDecoder(provider, expectedChoices(call)),
  failure: (body) => readFailureBody(body, readFailure),
  models,
};

function chatRequest(call: ChatCall, provider: DialectTraits): UpstreamBody {
  const { request, nativeModel, isStream } = call;
  const { chatPath = '/chat/completions', namesInPath } = provider;
  const path = chatPath.replace('{model}', encodeURIComponent(namesInPath?.get(nativeModel) ?? nativeModel));
  const changes: JsonObject = {};
  if (request.value['model'] !== nativeModel) changes['model'] = nativeModel;
  if (isStream) Object.assign(changes, streamOptions(request.value, provider));
  Object.assign(changes, maxTokens(call, provider), withoutExtras(request.value, provider));
  for (const name of dropped(request.value, provider)) changes[name] = undefined;
  const isUnchanged = Object.keys(changes).length === 0;
  return { path, body: isUnchanged ? request.bytes : request.bytesWith(changes) };
}

/** What the gateway itself was told, and nobody behind it needs to know. */
const EXTRAS = ['models', 'provider', 'session_id', 'usage'];

/** OpenRouter's `reasoning` is `reasoning_effort` to everybody else. */
function withoutExtras(request: JsonObject, { takesReasoningObject }: DialectTraits): JsonObject {
  const changes: JsonObject = {};
  for (const name of EXTRAS) if (name in request) changes[name] = undefined;
  const reasoning = objectMember(request, 'reasoning');
  if (!reasoning || takesReasoningObject) return changes;
  changes['reasoning'] = undefined;
  const effort = reasoning['enabled'] === false ? 'none' : reasoning['effort'];
  if (typeof effort === 'string') changes['reasoning_effort'] = request['reasoning_effort'] ?? effort;
  return changes;
}

/** Usage is always asked for: without it a stream could only be counted, not metered. */
function streamOptions(request: JsonObject, provider: DialectTraits): JsonObject {
  if (provider.refusesStreamOptions) return 'stream_options' in request ? { stream_options: undefined } : {};
  const given = objectMember(request, 'stream_options') ?? {};
  return given['include_usage'] === true ? {} : { stream_options: { ...given, include_usage: true } };
}

/** Both names mean the same: the older one, which everybody knows, and the one that some providers insist on. */
function maxTokens(call: ChatCall, { maxTokensParameter }: DialectTraits): JsonObject {
  const { request, outputLimit } = call;
  const { max_tokens: older, max_completion_tokens: newer } = request.value;
  if (outputLimit !== undefined) {
    const name = maxTokensParameter ?? (newer === undefined ? 'max_tokens' : 'max_completion_tokens');
    return {
      ...(older !== undefined && { max_tokens: undefined }),
      [name]: Math.max(Math.floor(outputLimit / expectedChoices(call)), 1),
    };
  }
  if (!maxTokensParameter || older === undefined) return {};
  return { max_tokens: undefined, [maxTokensParameter]: newer ?? older };
}

function expectedChoices({ request }: ChatCall): number {
  const given = request.value['n'];
  return typeof given === 'number' ? given : 1;
}

/** Members that nobody knows travel on: the provider may. */
function dropped(request: JsonObject, { refusesParameters = [] }: DialectTraits): string[] {
  return refusesParameters.filter((name) => request[name] !== undefined);
}

function chatReply(bytes: Buffer, _call: ChatCall, provider: DialectTraits): ChatReply {
  const document = parseReply(bytes, provider.id);
  const { value } = document;
  if (isJsonObject(value['error'])) throw new InBandFailureError(readFailure(value));
  if (!Array.isArray(value['choices'])) throw new UndecodableReplyError(`${provider.id} answered without choices.`);
  const failed = failedChoice(value);
  if (failed) throw new InBandFailureError(failed);
  const regular = withRegularChoices(value);
  const usage = usageObject(value, provider);
  return {
    document: regular === value ? document : JsonDocument.of(regular),
    usage: usage && readUsage(usage, provider),
    text: () => objects(regular['choices']).map(writtenText).join(''),
  };
}

function models(body: Buffer): DiscoveredModel[] {
  // Together answers with a bare array, everybody else with OpenAI's list.
  const isList = body.toString('utf8', 0, 64).trimStart().startsWith('[');
  const { value } = parseReply(
    isList ? Buffer.concat([Buffer.from('{"data":'), body, Buffer.from('}')]) : body,
    'The provider',
  );
  return readModelList(value);
}
