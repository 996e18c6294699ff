import { type JsonObject, isObject, objectsIn, textOr } from './json.js';

/** Recursive schemas end here: below it only what is required is made. */
const COMFORTABLE_DEPTH = 6;
const HARD_DEPTH = 24;

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-01-01T00:00:00Z',
  date: '2026-01-01',
  time: '00:00:00Z',
  email: 'sandbox@example.com',
  uri: 'https://example.com/sandbox',
  uuid: '00000000-0000-4000-8000-000000000000',
  ipv4: '192.0.2.1',
  hostname: 'example.com',
};

interface Place {
  readonly root: JsonObject;
  readonly name: string;
  readonly depth: number;
}

/**
 * A value that satisfies a JSON schema, always the same one. Knows what OpenAI's structured outputs allow
 * (without `pattern`), so the value also serves as the arguments of a tool call.
 */
export function valueFor(schema: unknown): unknown {
  if (!isObject(schema)) return {};
  return build(schema, { root: schema, name: 'value', depth: 0 });
}

function build(schema: JsonObject, place: Place): unknown {
  if (place.depth > HARD_DEPTH) return null;
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const substitute = alternativeOf(schema, place.root);
  if (substitute) return build(substitute, { ...place, depth: place.depth + 1 });
  return BUILDERS[typeOf(schema)]?.(schema, place) ?? null;
}

/** The schema that stands behind a reference, the first of a choice, or the union of `allOf`. */
function alternativeOf(schema: JsonObject, root: JsonObject): JsonObject | undefined {
  if (typeof schema['$ref'] === 'string') return resolve(schema['$ref'], root);
  const [choice] = objectsIn(schema['anyOf'] ?? schema['oneOf']);
  if (choice) return choice;
  const parts = objectsIn(schema['allOf']);
  if (parts.length === 0) return undefined;
  return [...parts, { ...schema, allOf: undefined }].reduce(mergeSchemas);
}

function mergeSchemas(one: JsonObject, other: JsonObject): JsonObject {
  const properties = { ...objectOrEmpty(one['properties']), ...objectOrEmpty(other['properties']) };
  const required = [...namesIn(one['required']), ...namesIn(other['required'])];
  const hasProperties = Object.keys(properties).length > 0;
  return { ...one, ...other, ...(hasProperties && { properties, required }) };
}

function resolve(reference: string, root: JsonObject): JsonObject {
  const steps = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  let found: unknown = root;
  for (const step of steps)
    found = isObject(found) ? found[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  return objectOrEmpty(found);
}

function typeOf(schema: JsonObject): string {
  const { type } = schema;
  const named: unknown = Array.isArray(type) ? (type.find((one) => one !== 'null') ?? 'null') : type;
  if (typeof named === 'string') return named;
  if ('properties' in schema) return 'object';
  return 'items' in schema ? 'array' : 'string';
}

const BUILDERS: Readonly<Record<string, (schema: JsonObject, place: Place) => unknown>> = {
  object: buildObject,
  array: buildArray,
  string: buildString,
  number: (schema) => buildNumber(schema, 1.5),
  integer: (schema) => buildNumber(schema, 1),
  boolean: () => true,
  null: () => null,
};

function buildObject(schema: JsonObject, place: Place): JsonObject {
  const required = namesIn(schema['required']);
  const isDeep = place.depth >= COMFORTABLE_DEPTH;
  const properties = Object.entries(objectOrEmpty(schema['properties']));
  const wanted = properties.filter(([name]) => !isDeep || required.includes(name));
  const members = wanted.map(([name, property]): [string, unknown] => [
    name,
    build(objectOrEmpty(property), { ...place, name, depth: place.depth + 1 }),
  ]);
  return Object.fromEntries(members);
}

function buildArray(schema: JsonObject, place: Place): unknown[] {
  const inside = { ...place, depth: place.depth + 1 };
  const fixed = objectsIn(schema['prefixItems']).map((item) => build(item, inside));
  const least = numberOr(schema['minItems'], place.depth >= COMFORTABLE_DEPTH ? 0 : 1);
  const length = Math.max(0, Math.min(least, numberOr(schema['maxItems'], Infinity)) - fixed.length);
  const items = objectOrEmpty(schema['items']);
  return [...fixed, ...Array.from({ length }, () => build(items, inside))];
}

function buildString(schema: JsonObject, place: Place): string {
  const text = FORMATS[textOr(schema['format'], '')] ?? `simulated ${place.name}`;
  return text.padEnd(numberOr(schema['minLength'], 0), '.').slice(0, numberOr(schema['maxLength'], Infinity));
}

function buildNumber(schema: JsonObject, preferred: number): number {
  const step = numberOr(schema['multipleOf'], Number.isInteger(preferred) ? 1 : 0);
  const lowest = numberOr(schema['minimum'], numberOr(schema['exclusiveMinimum'], -Infinity) + (step || 0.5));
  const highest = numberOr(schema['maximum'], numberOr(schema['exclusiveMaximum'], Infinity) - (step || 0.5));
  const value = Math.min(Math.max(preferred, lowest), highest);
  if (step === 0) return value;
  const rounded = Math.ceil(value / step) * step;
  return rounded > highest ? Math.floor(highest / step) * step : rounded;
}

function objectOrEmpty(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
