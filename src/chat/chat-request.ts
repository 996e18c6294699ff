import { InvalidRequestError } from '../platform/errors/request-errors.js';
import { isJsonObject, type JsonDocument, type JsonObject } from '../platform/json/json-document.js';

/** What the gateway itself needs to know of a chat request. Everything else travels on as it came. */
export interface ChatRequest {
  readonly document: JsonDocument;
  readonly model: string;
  readonly isStream: boolean;
  readonly isUsageWanted: boolean;
}

/** @throws InvalidRequestError naming the member at fault */
export function readChatRequest(document: JsonDocument): ChatRequest {
  const { value } = document;
  const { model, stream } = value;
  if (typeof model !== 'string' || model === '') {
    throw new InvalidRequestError('`model` must be the name of a model.', 'model', 'missing_model');
  }
  refuseBadMessages(value);
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    throw new InvalidRequestError('`stream` must be true or false.', 'stream', 'invalid_type');
  }
  return { document, model, isStream: stream === true, isUsageWanted: readUsageWish(value) };
}

function refuseBadMessages({ messages, input }: JsonObject): void {
  if (Array.isArray(messages) && messages.length > 0 && messages.every(isJsonObject)) return;
  const isForResponses = messages === undefined && input !== undefined;
  const hint = isForResponses ? ' A request with `input` belongs to the Responses API.' : '';
  throw new InvalidRequestError(
    `\`messages\` must be a list of at least one message.${hint}`,
    'messages',
    'invalid_type',
  );
}

/** OpenAI's `stream_options.include_usage`, or OpenRouter's `usage.include`. */
function readUsageWish({ stream_options: options, usage }: JsonObject): boolean {
  if (options !== undefined && options !== null && !isJsonObject(options)) {
    throw new InvalidRequestError('`stream_options` must be an object.', 'stream_options', 'invalid_type');
  }
  return (
    (isJsonObject(options) && options['include_usage'] === true) || (isJsonObject(usage) && usage['include'] === true)
  );
}
