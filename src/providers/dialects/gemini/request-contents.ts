import { InvalidRequestError } from '../../../platform/errors/request-errors.js';
import {
  isJsonObject,
  NotAJsonObjectError,
  objectMember,
  parseJson,
  type JsonObject,
} from '../../../platform/json/json-document.js';
import { objects } from '../chat-chunk.js';
import { readArguments } from '../translation/call-arguments.js';
import { geminiTraits } from './gemini-traits.js';
import { contentParts } from './request-parts.js';
import { signaturesOf, type Signatures } from './thought-signatures.js';

/** Takes the place of a signature that nobody kept, as of another model's call; Google documents it for that. */
const NO_SIGNATURE = 'skip_thought_signature_validator';

/** One side's turn of a conversation. */
interface Turn {
  readonly role: 'user' | 'model';
  readonly parts: JsonObject[];
}

export interface Prompt {
  readonly instructions: readonly JsonObject[];
  readonly contents: readonly Turn[];
}

/**
 * OpenAI's messages as Google's contents: instructions stand apart, messages of one side in a row are one turn, results
 * of tools are the user's and are known by the name of the function.
 * @throws InvalidRequestError naming the message that cannot be translated
 */
export function readPrompt(messages: unknown, model: string): Prompt {
  const reader = new PromptReader(geminiTraits(model).wantsSignatures);
  for (const [index, message] of objects(messages).entries()) reader.take(message, `messages.${index}`);
  return reader.prompt;
}

class PromptReader {
  private readonly instructions: JsonObject[] = [];
  private readonly turns: Turn[] = [];
  /** Names of functions by the ids of their calls. */
  private readonly called = new Map<unknown, unknown>();

  constructor(private readonly wantsSignatures: boolean) {}

  get prompt(): Prompt {
    return { instructions: this.instructions, contents: this.turns.filter(({ parts }) => parts.length > 0) };
  }

  take(message: JsonObject, param: string): void {
    switch (message['role']) {
      case 'system':
      case 'developer':
        this.instructions.push(...contentParts(message['content'], param));
        return;
      case 'user':
        this.append('user', contentParts(message['content'], param));
        return;
      case 'assistant':
        this.append('model', this.said(message, param));
        return;
      case 'tool':
      case 'function':
        this.append('user', [this.result(message, param)]);
        return;
      default:
        throw new InvalidRequestError(
          `Gemini knows no messages of "${String(message['role'])}".`,
          `${param}.role`,
          'invalid_value',
        );
    }
  }

  private append(role: Turn['role'], parts: JsonObject[]): void {
    const last = this.turns.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else this.turns.push({ role, parts });
  }

  private said(message: JsonObject, param: string): JsonObject[] {
    const signatures = signaturesOf(message);
    const texts = [...contentParts(message['content'], param), ...contentParts(message['refusal'], param)];
    const last = texts.at(-1);
    if (last && signatures.ofText !== undefined) last['thoughtSignature'] = signatures.ofText;
    const calls = objects(message['tool_calls']);
    return [...texts, ...calls.map((call, index) => this.call(call, { index, signatures, param }))];
  }

  private call(call: JsonObject, { index, signatures, param }: CallPlace): JsonObject {
    const { name, arguments: given } = objectMember(call, 'function') ?? {};
    const args = readArguments(given);
    if (!args) {
      const at = `${param}.tool_calls.${index}`;
      throw new InvalidRequestError('Arguments of a function must be a JSON object.', at, 'invalid_value');
    }
    this.called.set(call['id'], name);
    const kept = signatures.ofCall(call);
    // Calls beside the first of a step have none of their own.
    const signature = kept ?? (this.wantsSignatures && index === 0 ? NO_SIGNATURE : undefined);
    return { functionCall: { name, args }, ...(signature !== undefined && { thoughtSignature: signature }) };
  }

  private result(message: JsonObject, param: string): JsonObject {
    const name = this.called.get(message['tool_call_id']) ?? message['name'];
    if (typeof name !== 'string') {
      throw new InvalidRequestError('No call before has this id.', `${param}.tool_call_id`, 'invalid_value');
    }
    return { functionResponse: { name, response: responseOf(message['content'], param) } };
  }
}

interface CallPlace {
  readonly index: number;
  readonly signatures: Signatures;
  readonly param: string;
}

/** Google wants an object; everything else is its `output`. */
function responseOf(content: unknown, param: string): JsonObject {
  const text =
    typeof content === 'string'
      ? content
      : contentParts(content, param)
          .map((part) => part['text'])
          .join('');
  const value = jsonOrText(text);
  return isJsonObject(value) ? value : { output: value };
}

function jsonOrText(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof NotAJsonObjectError) return text;
    throw error;
  }
}
