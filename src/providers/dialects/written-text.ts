/** Of usual text; code and other languages have fewer. */
const CHARACTERS_PER_TOKEN = 4;

/**
 * Everything that a model wrote in a stream, kept in the cheapest form: it is needed only when the provider sends no
 * usage and tokens must be counted.
 */
export class WrittenText {
  private pieces = '';
  private escaped = '';

  /** About so many tokens, without counting them. */
  get tokens(): number {
    return Math.floor((this.pieces.length + this.escaped.length) / CHARACTERS_PER_TOKEN);
  }

  add(text: string): void {
    this.flush();
    this.pieces += text;
  }

  /** Text as it stands inside a JSON string, one character for each of its bytes. */
  addEscaped(latin1: string): void {
    this.escaped += latin1;
  }

  toString(): string {
    this.flush();
    return this.pieces;
  }

  private flush(): void {
    if (this.escaped === '') return;
    const json = `"${Buffer.from(this.escaped, 'latin1').toString('utf8')}"`;
    this.escaped = '';
    this.pieces += String(JSON.parse(json));
  }
}
