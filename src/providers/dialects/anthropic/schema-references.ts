import { isJsonObject, type JsonObject } from '../../../platform/json/json-document.js';

/** The references within a JSON schema. Each is followed once, however often it is used. */
export class SchemaReferences {
  private readonly finite = new Set<string>();

  constructor(private readonly schema: JsonObject) {}

  /** None leads back to itself, or out of the schema. */
  get areFinite(): boolean {
    return this.comesToAnEnd(this.schema, []);
  }

  private comesToAnEnd(value: unknown, path: readonly string[]): boolean {
    if (Array.isArray(value)) return value.every((item) => this.comesToAnEnd(item, path));
    if (!isJsonObject(value)) return true;
    const { $ref: reference, ...members } = value;
    const isEnding = typeof reference !== 'string' || this.isFinite(reference, path);
    return isEnding && Object.values(members).every((member) => this.comesToAnEnd(member, path));
  }

  private isFinite(reference: string, path: readonly string[]): boolean {
    if (this.finite.has(reference)) return true;
    if (path.includes(reference) || !reference.startsWith('#/')) return false;
    if (!this.comesToAnEnd(this.target(reference), [...path, reference])) return false;
    this.finite.add(reference);
    return true;
  }

  private target(reference: string): unknown {
    const names = reference.slice(2).split('/');
    return names.reduce<unknown>((at, name) => (isJsonObject(at) ? at[name] : undefined), this.schema);
  }
}
