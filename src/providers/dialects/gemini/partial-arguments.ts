import { isJsonObject, type JsonObject } from '../../../platform/json/json-document.js';
import { objects } from '../chat-chunk.js';

const VALUES = ['stringValue', 'numberValue', 'boolValue'] as const;

/** Arguments of a call that come piece by piece, each with the path of the member that it belongs to. */
export class PartialArguments {
  private readonly root: JsonObject = {};

  add(pieces: unknown): void {
    for (const piece of objects(pieces)) {
      const steps = stepsOf(piece['jsonPath']);
      const value = valueOf(piece);
      if (steps.length > 0 && value !== undefined) set(this.root, steps, value);
    }
  }

  toString(): string {
    return JSON.stringify(this.root);
  }
}

/** `$.cities[0].name` is `cities`, 0, `name`. */
function stepsOf(path: unknown): (string | number)[] {
  const steps = String(path).matchAll(/\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]/g);
  return [...steps].map(([, name, index, quoted]) => (index === undefined ? (name ?? quoted ?? '') : Number(index)));
}

function valueOf(piece: JsonObject): unknown {
  if ('nullValue' in piece) return null;
  return VALUES.map((name) => piece[name]).find((value) => value !== undefined);
}

/** A text that goes on is added to what came of it before. */
function set(holder: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): void {
  if (step === undefined || !isContainer(holder)) return;
  const known = holder[step];
  if (rest.length === 0) {
    holder[step] = typeof known === 'string' && typeof value === 'string' ? known + value : value;
    return;
  }
  holder[step] ??= typeof rest[0] === 'number' ? [] : {};
  set(holder[step], rest, value);
}

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return isJsonObject(value) || Array.isArray(value);
}
