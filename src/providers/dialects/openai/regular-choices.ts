import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { FailureDetails } from '../../dialect.js';
import { objects } from '../chat-chunk.js';

/** Reasons that some providers have for OpenAI's. */
const SYNONYMS: ReadonlyMap<unknown, string> = new Map([
  ['model_length', 'length'],
  ['max_tokens', 'length'],
  ['eos', 'stop'],
  ['end_turn', 'stop'],
]);
/** What stands behind these is not the end of an answer, but of a provider that could not go on. */
const FAILURES: readonly unknown[] = ['error', 'insufficient_system_resource'];

/**
 * What clients of OpenAI expect of choices, where a provider has its own way: content in parts becomes a text and
 * thoughts, reasons get OpenAI's names. The very same object when there is nothing to change.
 */
export function withRegularChoices<Holder extends JsonObject>(holder: Holder): Holder {
  const given = holder['choices'];
  if (!Array.isArray(given)) return holder;
  const choices = given.map((choice: unknown) => (isIrregular(choice) ? regularChoice(choice) : choice));
  return choices.every((choice, index) => choice === given[index]) ? holder : { ...holder, choices };
}

/** The provider gave up, and says so as the reason of an end. */
export function failedChoice(holder: JsonObject): FailureDetails | undefined {
  const failed = objects(holder['choices']).find((choice) => FAILURES.includes(choice['finish_reason']));
  if (!failed) return undefined;
  const message = objectMember(failed, 'error')?.['message'];
  return {
    message: typeof message === 'string' ? message : 'The provider could not finish its answer.',
    type: 'provider_error',
    code: String(failed['finish_reason']),
    param: null,
  };
}

function isIrregular(choice: unknown): choice is JsonObject {
  const [one] = objects([choice]);
  if (!one) return false;
  const said = objectMember(one, 'delta') ?? objectMember(one, 'message');
  return SYNONYMS.has(one['finish_reason']) || Array.isArray(said?.['content']);
}

function regularChoice(choice: JsonObject): JsonObject {
  const reason = SYNONYMS.get(choice['finish_reason']) ?? choice['finish_reason'];
  const name = objectMember(choice, 'delta') ? 'delta' : 'message';
  const said = objectMember(choice, name);
  return { ...choice, ...(said && { [name]: regularMessage(said) }), finish_reason: reason };
}

/** Mistral's parts: text, thoughts, and references to what it read. */
function regularMessage(message: JsonObject): JsonObject {
  const { content } = message;
  if (!Array.isArray(content)) return message;
  const parts = objects(content);
  const thought = parts.flatMap(({ thinking }) => textsOf(thinking)).join('');
  return {
    ...message,
    content: textsOf(parts).join(''),
    ...(thought !== '' && { reasoning_content: thought }),
  };
}

function textsOf(parts: unknown): string[] {
  if (typeof parts === 'string') return [parts];
  return objects(parts).flatMap(({ text }) => (typeof text === 'string' ? [text] : []));
}
