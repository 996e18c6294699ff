import { isIP } from 'node:net';

/** One setting of the environment: how its text is read, what it is when absent, and why it exists. */
export interface Knob<Value> {
  readonly fallback: Value;
  /** What a value may look like, as the end of the sentence "PORT must be …". */
  readonly allowed: string;
  readonly why: string;
  /** Reads the text of the variable; undefined means that it is not allowed. */
  readonly read: (text: string) => Value | undefined;
}

export type KnobValue<K> = K extends Knob<infer Value> ? Value : never;

/** Settings by the names of their variables. */
export type KnobTable = Readonly<Record<string, Knob<unknown>>>;
export type KnobValues<Table extends KnobTable> = { readonly [Name in keyof Table]: KnobValue<Table[Name]> };

interface Described<Value> {
  readonly fallback: Value;
  readonly why: string;
}

export function wholeNumber(options: Described<number> & { min: number; max: number }): Knob<number> {
  const { min, max } = options;
  return {
    ...options,
    allowed: `a whole number from ${min} to ${max}`,
    read: (text) => {
      const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** Milliseconds; the name of such a variable ends in `_MS`. */
export function milliseconds(options: Described<number> & { min?: number; max?: number }): Knob<number> {
  return wholeNumber({ min: 0, max: 86_400_000, ...options });
}

/** Milliseconds that may be left to somebody else to say. */
export function optionalMilliseconds(options: { why: string; min?: number }): Knob<number | undefined> {
  return { ...milliseconds({ ...options, fallback: 0 }), fallback: undefined };
}

export function oneOf<const Choice extends string>(
  choices: readonly Choice[],
  options: Described<Choice>,
): Knob<Choice> {
  return {
    ...options,
    allowed: `one of ${choices.join(', ')}`,
    read: (text) => choices.find((choice) => choice === text.toLowerCase()),
  };
}

export function text(options: Described<string>): Knob<string> {
  return { ...options, allowed: 'text', read: (value) => value };
}

/** Text that may be absent; absent is not the same as empty. */
export function optionalText(options: { why: string; minLength?: number }): Knob<string | undefined> {
  const { why, minLength = 1 } = options;
  return {
    fallback: undefined,
    why,
    allowed: `text of at least ${minLength} characters`,
    read: (value) => (value.length >= minLength ? value : undefined),
  };
}

/** An address with one of these schemes, such as `https:`. */
export function optionalUrl(schemes: readonly string[], why: string): Knob<string | undefined> {
  return {
    fallback: undefined,
    why,
    allowed: `a URL that starts with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    read: (value) => (isUrl(value, schemes) ? value : undefined),
  };
}

/** An address that may be `off`: an empty variable is an absent one, and absent means the usual address. */
export function urlOrOff(options: Described<string>): Knob<string> {
  return {
    ...options,
    allowed: 'off, or a URL that starts with http:// or https://',
    read: (value) => (value === 'off' || isUrl(value, ['http:', 'https:']) ? value : undefined),
  };
}

/** `name=url` pairs, separated by commas; names are lower-case words that may hold digits and hyphens. */
export function namedUrls(why: string): Knob<ReadonlyMap<string, string>> {
  return {
    fallback: new Map(),
    why,
    allowed: 'a list such as vllm=http://10.0.0.5:8000/v1,lab=https://lab.example/v1',
    read: (value) => readPairs(value, /^[a-z][a-z0-9-]*$/, (url) => isUrl(url, ['http:', 'https:'])),
  };
}

/** `model=name` pairs, separated by commas. */
export function modelNames(why: string): Knob<ReadonlyMap<string, string>> {
  return {
    fallback: new Map(),
    why,
    allowed: 'a list such as gpt-5=my-deployment,gpt-5-mini=my-small-one',
    read: (value) => readPairs(value, /^[\w.:-]+$/, (name) => /^[\w.-]+$/.test(name)),
  };
}

/** `provider=model` pairs, separated by commas; the models by the providers' own ids. */
export function modelsOfProviders(why: string): Knob<ReadonlyMap<string, string>> {
  return {
    fallback: new Map(),
    why,
    allowed: 'a list such as openai=gpt-5-nano,groq=llama-3.1-8b-instant',
    read: (value) => readPairs(value, /^[a-z][a-z0-9-]*$/, (model) => /^[\w.:/@-]+$/.test(model)),
  };
}

/** Undefined when a name or a value is wrong, or a name comes twice. */
function readPairs(
  text: string,
  names: RegExp,
  isValue: (value: string) => boolean,
): ReadonlyMap<string, string> | undefined {
  const pairs = new Map<string, string>();
  for (const pair of text.split(',')) {
    const [, name = '', value = ''] = /^\s*([^=\s]+)=(\S+)\s*$/.exec(pair) ?? [];
    if (!names.test(name) || !isValue(value) || pairs.has(name)) return undefined;
    pairs.set(name, value);
  }
  return pairs;
}

function isUrl(text: string, schemes: readonly string[]): boolean {
  // The parser alone would take `http:host`, whose slashes it adds for itself.
  return URL.canParse(text) && schemes.some((scheme) => text.toLowerCase().startsWith(`${scheme}//`));
}

/** An amount of money, kept as its text. */
export function dollars(options: Described<string>): Knob<string> {
  return {
    ...options,
    allowed: 'dollars with at most nine decimals, such as 2.50',
    read: (value) => (/^\d{1,9}(?:\.\d{1,9})?$/.test(value) ? value : undefined),
  };
}

/** What Express calls "trust proxy". */
export function trustedProxies(why: string): Knob<false | number | readonly string[]> {
  return {
    fallback: false,
    why,
    allowed: 'false, a number such as 1, or addresses and networks such as 10.0.0.0/8,loopback',
    read: (value) => {
      if (value === 'false') return false;
      if (/^[1-9]\d?$/.test(value)) return Number(value);
      const entries = value.split(',').map((entry) => entry.trim());
      const isUsable = (entry: string): boolean =>
        /^(?:loopback|linklocal|uniquelocal)$/.test(entry) || isIP(entry.replace(/\/\d{1,3}$/, '')) !== 0;
      return entries.every(isUsable) ? entries : undefined;
    },
  };
}
