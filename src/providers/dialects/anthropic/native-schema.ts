import { isJsonObject, objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { SchemaReferences } from './schema-references.js';

/** More of them, and Anthropic finds the schema too complex; how many it takes depends on the rest. */
const MOST_OPTIONAL_PROPERTIES = 10;
const FORMATS = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'];
/** What Anthropic refuses and a model can follow all the same when it is told in words. */
const TOLD_IN_WORDS = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
];
const KEPT = ['$ref', 'title', 'default', 'const', 'enum', 'type', 'required'];
/** What cannot be told in words either. */
const INEXPRESSIBLE = [
  'not',
  'if',
  'prefixItems',
  'contains',
  'patternProperties',
  'propertyNames',
  'dependentSchemas',
  'dependentRequired',
];
const LISTS = ['anyOf', 'oneOf', 'allOf'];
const MAPS = ['properties', '$defs', 'definitions'];

/** A schema cannot be said in Anthropic's words without losing something. */
class InexpressibleError extends Error {
  override readonly name = 'InexpressibleError';
}

/**
 * A JSON schema as Anthropic takes it natively: all objects closed, no recursion, few optional properties, and limits
 * told in words. Undefined for one that would be refused, or that would lose something: objects open to any member.
 */
export function nativeSchema(schema: JsonObject): JsonObject | undefined {
  if (!new SchemaReferences(schema).areFinite) return undefined;
  try {
    const state = { optionalProperties: 0 };
    const written = rewrite(schema, state);
    return state.optionalProperties <= MOST_OPTIONAL_PROPERTIES ? written : undefined;
  } catch (error) {
    if (error instanceof InexpressibleError) return undefined;
    throw error;
  }
}

function rewrite(schema: JsonObject, state: { optionalProperties: number }): JsonObject {
  if (INEXPRESSIBLE.some((name) => name in schema) || isMerged(schema)) throw new InexpressibleError();
  const written: JsonObject = { ...kept(schema), ...nested(schema, state) };
  if (isObjectSchema(schema)) {
    written['additionalProperties'] = false;
    state.optionalProperties += optionalProperties(schema);
  }
  const description = describe(schema);
  if (description !== '') written['description'] = description;
  return written;
}

/** Closed objects do not add up to one. */
function isMerged({ allOf }: JsonObject): boolean {
  return Array.isArray(allOf) && allOf.length > 1;
}

function kept(schema: JsonObject): JsonObject {
  const names = FORMATS.includes(String(schema['format'])) ? [...KEPT, 'format'] : KEPT;
  return Object.fromEntries(names.filter((name) => name in schema).map((name) => [name, schema[name]]));
}

function nested(schema: JsonObject, state: { optionalProperties: number }): JsonObject {
  const written: JsonObject = {};
  for (const name of LISTS) {
    const schemas = schema[name];
    // Anthropic has no word for "exactly one of them".
    if (Array.isArray(schemas)) written[name === 'oneOf' ? 'anyOf' : name] = eachOf(schemas, state);
  }
  for (const name of MAPS) {
    const schemas = objectMember(schema, name);
    if (schemas) written[name] = membersOf(schemas, state);
  }
  if ('items' in schema) written['items'] = rewriteAny(schema['items'], state);
  return written;
}

function eachOf(schemas: readonly unknown[], state: { optionalProperties: number }): JsonObject[] {
  return schemas.map((schema) => rewriteAny(schema, state));
}

function membersOf(schemas: JsonObject, state: { optionalProperties: number }): JsonObject {
  const rewritten = Object.entries(schemas).map(([name, schema]) => [name, rewriteAny(schema, state)] as const);
  return Object.fromEntries(rewritten);
}

function rewriteAny(schema: unknown, state: { optionalProperties: number }): JsonObject {
  if (!isJsonObject(schema)) throw new InexpressibleError();
  return rewrite(schema, state);
}

function isObjectSchema({ type, properties, additionalProperties }: JsonObject): boolean {
  const isObject = properties !== undefined || type === 'object' || (Array.isArray(type) && type.includes('object'));
  const isOpen = additionalProperties === true || isJsonObject(additionalProperties);
  const isAnything = isObject && properties === undefined && additionalProperties !== false;
  if (isOpen || isAnything) throw new InexpressibleError();
  return isObject;
}

function optionalProperties({ properties, required }: JsonObject): number {
  const names = isJsonObject(properties) ? Object.keys(properties) : [];
  const needed: unknown[] = Array.isArray(required) ? required : [];
  return names.filter((name) => !needed.includes(name)).length;
}

function describe(schema: JsonObject): string {
  const limits = TOLD_IN_WORDS.filter((name) => name in schema).map((name) => `${name}: ${String(schema[name])}`);
  if ('format' in schema && !FORMATS.includes(String(schema['format'])))
    limits.push(`format: ${String(schema['format'])}`);
  const given = typeof schema['description'] === 'string' ? [schema['description']] : [];
  return [...given, ...(limits.length > 0 ? [limits.join(', ')] : [])].join('\n');
}
