import { randomUUID } from 'node:crypto';
import { isJsonObject, objectMember, type JsonObject } from '../platform/json/json-document.js';

interface OpenToolCall {
  readonly index: number;
  readonly id: string;
  /** The index that the provider gave it. */
  readonly providerIndex: unknown;
}

/**
 * Gives the tool calls of one choice their indexes. Providers repeat ids on each fragment, leave indexes out, or give
 * two calls the same one; clients merge or crash on all of these. So a fragment belongs to the call with its id, else
 * to the last call with its index, else to the last call of all; id and name stand only in a call's first fragment.
 */
export class ToolCallIndexes {
  private readonly calls: OpenToolCall[] = [];

  /** The same fragment when it needs no change, else what the client gets for it. */
  rewrite(fragment: JsonObject): JsonObject {
    const known = this.find(fragment);
    if (known) return continuation(fragment, known.index);
    const id = typeof fragment['id'] === 'string' && fragment['id'] !== '' ? fragment['id'] : `call_${randomUUID()}`;
    const opened = { index: this.calls.length, id, providerIndex: fragment['index'] };
    this.calls.push(opened);
    const isAsItShouldBe =
      fragment['index'] === opened.index && fragment['id'] === id && fragment['type'] === 'function';
    return isAsItShouldBe ? fragment : { ...fragment, index: opened.index, id, type: fragment['type'] ?? 'function' };
  }

  private find(fragment: JsonObject): OpenToolCall | undefined {
    const { id, index } = fragment;
    if (typeof id === 'string' && id !== '') return this.calls.find((call) => call.id === id);
    if (index !== undefined && index !== null) return this.calls.findLast((call) => call.providerIndex === index);
    return objectMember(fragment, 'function')?.['name'] ? undefined : this.calls.at(-1);
  }
}

function continuation(fragment: JsonObject, index: number): JsonObject {
  const called = fragment['function'];
  const isBare = Object.keys(fragment).every((name) => name === 'index' || name === 'function');
  const isNameless = !isJsonObject(called) || !('name' in called);
  if (isBare && isNameless && fragment['index'] === index) return fragment;
  return { index, function: { arguments: isJsonObject(called) ? (called['arguments'] ?? '') : '' } };
}
