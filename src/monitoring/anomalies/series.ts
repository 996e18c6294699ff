/** What is looked at, point by point. */
export const BUCKET_MS = 5 * 60_000;

/** Five minutes of a series. */
export interface Point {
  /** Its beginning; milliseconds since 1970. */
  readonly at: number;
  readonly requests: number;
  readonly completed: number;
  readonly failed: number;
  /** Of those that were completed, together. */
  readonly durationMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** USD. */
  readonly cost: number;
}

/** Whose points they are: a provider's, a model's at a provider, or a key's. */
export interface Subject {
  readonly kind: 'provider' | 'model' | 'key';
  readonly providerId: string | undefined;
  readonly modelId: string | undefined;
  readonly apiKeyId: string | undefined;
}

/** The points of one subject. A bucket without a point had no requests. */
export class Series {
  private readonly points: ReadonlyMap<number, Point>;
  /** When it was first heard of: before, there was nothing to miss. */
  private readonly beginsAt: number;

  constructor(
    readonly subject: Subject,
    points: readonly Point[],
  ) {
    this.points = new Map(points.map((point) => [point.at, point]));
    this.beginsAt = Math.min(...points.map(({ at }) => at));
  }

  /** Undefined before the series began. */
  at(time: number): Point | undefined {
    return this.points.get(time) ?? (time < this.beginsAt ? undefined : emptyAt(time));
  }
}

/** As in `model:groq:llama-3.3-70b`; the same for ever. */
export function nameOf({ kind, providerId, modelId, apiKeyId }: Subject): string {
  return [kind, providerId, modelId, apiKeyId].filter((part) => part !== undefined).join(':');
}

function emptyAt(at: number): Point {
  return { at, requests: 0, completed: 0, failed: 0, durationMs: 0, inputTokens: 0, outputTokens: 0, cost: 0 };
}
