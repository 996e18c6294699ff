import type { Gateway } from './gateway.js';

/** A reply that its client saw to the end. */
export interface SeenReply {
  readonly id: string;
  /** What the client was told that it cost, in dollars. */
  readonly cost: number;
}

const PATIENCE_MS = 10_000;

/** Clients that ask one after the other, plain and streaming, and remember every reply that they saw whole. */
export class Crowd {
  private readonly replies: SeenReply[] = [];
  private clients: Promise<void>[] = [];
  private isEnding = false;
  private failures = 0;

  constructor(
    private readonly choose: () => Gateway | undefined,
    private readonly key: string,
  ) {}

  begin(clients: number): void {
    this.clients = Array.from({ length: clients }, (_, index) => this.askOn(index % 2 === 0));
  }

  /** Waits for the replies under way. */
  async end(): Promise<SeenReply[]> {
    this.isEnding = true;
    await Promise.all(this.clients);
    return this.replies;
  }

  summary(): string {
    return `${this.replies.length} replies seen whole, ${this.failures} that were not`;
  }

  private async askOn(isStream: boolean): Promise<void> {
    while (!this.isEnding) {
      const reply = await this.ask(isStream).catch(() => undefined);
      if (reply) this.replies.push(reply);
      else {
        this.failures += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  private async ask(isStream: boolean): Promise<SeenReply | undefined> {
    const tokens = 5 + Math.floor(Math.random() * 40);
    const response = await this.choose()?.chat(
      {
        model: 'sandbox/story-1',
        messages: [{ role: 'user', content: 'Go on.' }],
        sandbox: { tokens, pace_ms: 1 },
        ...(isStream && { stream: true, stream_options: { include_usage: true } }),
      },
      { headers: { authorization: `Bearer ${this.key}` }, signal: AbortSignal.timeout(PATIENCE_MS) },
    );
    if (response?.status !== 200) {
      await response?.body?.cancel();
      return undefined;
    }
    const id = response.headers.get('x-request-id') ?? '';
    const cost = isStream ? costOfStream(await response.text()) : costOfReply(await response.json());
    return cost === undefined ? undefined : { id, cost };
  }
}

function costOfReply(reply: unknown): number | undefined {
  return (reply as { usage?: { cost?: number } }).usage?.cost;
}

/** Undefined for a stream that did not end well. */
function costOfStream(text: string): number | undefined {
  if (!text.endsWith('data: [DONE]\n\n') || text.includes('"error":')) return undefined;
  const usage = text.split('\n').findLast((line) => line.includes('"choices":[]'));
  return usage === undefined ? undefined : costOfReply(JSON.parse(usage.slice('data: '.length)));
}
