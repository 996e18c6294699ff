import type { Price } from './price.js';

/** What one source says of a model; what it does not say is undefined. */
export interface ModelFacts {
  readonly name?: string | undefined;
  /** Seconds since 1970. */
  readonly created?: number | undefined;
  readonly contextLength?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly inputModalities?: readonly string[] | undefined;
  readonly outputModalities?: readonly string[] | undefined;
  /** Members of OpenAI's chat request. */
  readonly supportedParameters?: readonly string[] | undefined;
  readonly price?: Price | undefined;
}

/** Of each fact what the first source says that says anything. */
export function firstSaid(sources: readonly (ModelFacts | undefined)[]): ModelFacts {
  const said = <Name extends keyof ModelFacts>(name: Name): ModelFacts[Name] =>
    sources.find((facts) => facts?.[name] !== undefined)?.[name];
  return {
    name: said('name'),
    created: said('created'),
    contextLength: said('contextLength'),
    maxOutputTokens: said('maxOutputTokens'),
    inputModalities: said('inputModalities'),
    outputModalities: said('outputModalities'),
    supportedParameters: said('supportedParameters'),
    price: said('price'),
  };
}

/** Of what is known. */
export function largest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}
