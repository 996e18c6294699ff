import { Injectable, Logger } from '@nestjs/common';
import { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';
import { digestOf, doubtsAbout, type Edition } from '../editions/edition.js';

/** A list as it was just read. */
export interface NewEdition {
  readonly source: string;
  readonly edition: Edition;
  /** Makes the catalogue believe it. */
  readonly apply: () => void;
}

/** An edition that waits for an administrator to believe it. */
export interface HeldEdition extends NewEdition {
  readonly digest: string;
  readonly doubts: readonly string[];
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** How a list stands. */
export interface ListState {
  readonly source: string;
  /** How many models the catalogue knows from it. */
  readonly models: number;
  /** When it was last read, also if it was held back: milliseconds since 1970. */
  readonly readAt: number;
  readonly held: HeldEdition | undefined;
}

interface Source {
  last: Edition;
  readAt: number;
  held: HeldEdition | undefined;
}

/** Takes new editions of lists into the catalogue, and holds back those that look wrong. */
@Injectable()
export class ListIntakeService {
  private readonly log = new Logger(ListIntakeService.name);
  private readonly sources = new Map<string, Source>();
  private accepted: ReadonlySet<string> = new Set();

  constructor(registry: MetricsRegistry) {
    registry.gauge({
      group: 'models',
      name: 'gatewayz_catalogue_held_back',
      help: 'Whether the newest edition of a list of models looks wrong, and waits for an administrator to accept it.',
      labels: ['source'],
      collect: (gauge) => {
        for (const [source, { held }] of this.sources) gauge.set({ source }, held ? 1 : 0);
      },
    });
  }

  /** The first edition of a list is believed; a later one that looks wrong waits, and the last one stays. */
  take(next: NewEdition): void {
    const known = this.sources.get(next.source);
    const doubts = known ? doubtsAbout(next.edition, known.last) : [];
    const digest = doubts.length > 0 ? digestOf(next.edition) : '';
    if (!known || doubts.length === 0 || this.accepted.has(digest)) this.believe(next);
    else this.hold(known, { ...next, digest, doubts, since: Date.now() });
  }

  /** What administrators accepted, here or at another gateway. */
  allow(digests: ReadonlySet<string>): void {
    this.accepted = digests;
    for (const { held } of this.sources.values()) if (held && digests.has(held.digest)) this.believe(held);
  }

  heldOf(source: string): HeldEdition | undefined {
    return this.sources.get(source)?.held;
  }

  /** By name. */
  states(): ListState[] {
    return [...this.sources]
      .map(([source, { last, readAt, held }]) => ({ source, models: last.size, readAt, held }))
      .sort((a, b) => (a.source < b.source ? -1 : 1));
  }

  /** @throws whatever keeps the catalogue from taking it; then the last edition stays */
  private believe({ source, edition, apply }: NewEdition): void {
    apply();
    this.sources.set(source, { last: edition, readAt: Date.now(), held: undefined });
  }

  private hold(known: Source, held: HeldEdition): void {
    known.readAt = held.since;
    if (known.held?.digest === held.digest) return;
    known.held = held;
    const { source, doubts } = held;
    this.log.error({ source, doubts }, 'a list of models looks wrong and is held back until somebody accepts it');
  }
}
