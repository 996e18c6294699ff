import { eachMember } from './top-level-members.js';

/** New values of top-level members; undefined removes the member. */
export type MemberChanges = Readonly<Record<string, unknown>>;

const [COMMA, OPEN_BRACE, CLOSE_BRACE] = [',', '{', '}'];

/** A run of old bytes that stay: members with the commas between them. */
interface Run {
  readonly start: number;
  end: number;
}

/** A JSON object put together anew: of runs of its old bytes, and of encoded members where others stood. */
export class SplicedObject {
  /** In their order, what stays and what is new; each character of a text is a byte. */
  private readonly parts: (Run | string)[] = [];
  private readonly names: readonly string[];
  /** Which of the names were come upon. */
  private readonly isPlaced: boolean[];
  /** The one that the next member goes on with; a change ends it. */
  private run: Run | undefined;
  /** How many members the old object had; undefined when it does not say plainly which. */
  readonly oldMembers: number | undefined;

  constructor(
    private readonly bytes: Buffer,
    private readonly changes: MemberChanges,
  ) {
    this.names = Object.keys(changes);
    this.isPlaced = this.names.map(() => false);
    this.oldMembers = eachMember(bytes, (start, nameEnd, end) => {
      const changed = this.indexOfName(start + 1, nameEnd);
      if (changed < 0) this.keep(start, end);
      else this.place(changed);
    });
    for (const [index, isPlaced] of this.isPlaced.entries()) if (!isPlaced) this.place(index);
  }

  /** Each character is a byte. */
  toLatin1(): string {
    let text = OPEN_BRACE;
    let comma = '';
    for (const part of this.parts) {
      text += comma + (typeof part === 'string' ? part : this.bytes.toString('latin1', part.start, part.end));
      comma = COMMA;
    }
    return text + CLOSE_BRACE;
  }

  toBytes(): Buffer {
    const spliced = Buffer.allocUnsafe(this.size);
    let at = spliced.write(OPEN_BRACE, 'latin1');
    for (const [index, part] of this.parts.entries()) {
      if (index > 0) at += spliced.write(COMMA, at, 'latin1');
      at +=
        typeof part === 'string'
          ? spliced.write(part, at, 'latin1')
          : this.bytes.copy(spliced, at, part.start, part.end);
    }
    spliced.write(CLOSE_BRACE, at, 'latin1');
    return spliced;
  }

  private get size(): number {
    const commas = Math.max(this.parts.length - 1, 0);
    const braces = 2;
    return this.parts.reduce(
      (sum, part) => sum + (typeof part === 'string' ? part.length : part.end - part.start),
      commas + braces,
    );
  }

  /** Which of the changed members has the name that stands there; -1 when none has. */
  private indexOfName(start: number, end: number): number {
    for (let index = 0; index < this.names.length; index += 1) {
      if (this.stands(encodedName(this.names[index] ?? ''), start, end)) return index;
    }
    return -1;
  }

  private stands(name: string, start: number, end: number): boolean {
    if (end - start !== name.length) return false;
    for (let at = 0; at < name.length; at += 1) if (this.bytes[start + at] !== name.charCodeAt(at)) return false;
    return true;
  }

  private keep(start: number, end: number): void {
    if (this.run) {
      this.run.end = end;
      return;
    }
    this.run = { start, end };
    this.parts.push(this.run);
  }

  private place(index: number): void {
    this.run = undefined;
    this.isPlaced[index] = true;
    const name = this.names[index] ?? '';
    const value = this.changes[name];
    if (value !== undefined) this.parts.push(`"${encodedName(name)}":${asBytes(JSON.stringify(value))}`);
  }
}

/** Names that change are the program's own, so there are few. */
const encodedNames = new Map<string, string>();

/** As JSON has it, without its quotes; each character is a byte. */
function encodedName(name: string): string {
  const known = encodedNames.get(name);
  if (known !== undefined) return known;
  const encoded = asBytes(JSON.stringify(name).slice(1, -1));
  encodedNames.set(name, encoded);
  return encoded;
}

function asBytes(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1');
}
