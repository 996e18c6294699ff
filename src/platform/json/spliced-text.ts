import type { MemberPosition } from './top-level-members.js';

/** New values of top-level members; undefined removes the member. */
export type MemberChanges = Readonly<Record<string, unknown>>;

interface ChangedMember {
  /** As JSON has it, without its quotes. */
  readonly name: string;
  readonly value: unknown;
  isPlaced: boolean;
}

const NOT_ASCII = /[^\0-\x7f]/;

/**
 * A JSON object put together anew from its old text, in which each character is a byte: runs of members that stay, with
 * the commas between them, and encoded ones where others stood.
 */
export class SplicedText {
  private written = '';
  private runStart: number | undefined;
  private runEnd = 0;
  private readonly members: ChangedMember[];

  constructor(
    private readonly text: string,
    changes: MemberChanges,
  ) {
    this.members = Object.keys(changes).map((name) => ({
      name: asBytes(JSON.stringify(name).slice(1, -1)),
      value: changes[name],
      isPlaced: false,
    }));
  }

  /** Takes the next member of the old text. */
  readonly take = (member: MemberPosition): void => {
    const changed = this.members.find(({ name }) => this.isNamed(member, name));
    if (changed) {
      this.endRun();
      this.place(changed);
      return;
    }
    this.runStart ??= member.start;
    this.runEnd = member.end;
  };

  /** The new text, once all old members were taken. */
  whole(): string {
    this.endRun();
    for (const member of this.members) if (!member.isPlaced) this.place(member);
    return `{${this.written}}`;
  }

  private isNamed({ start, nameEnd }: MemberPosition, name: string): boolean {
    return nameEnd - start - 1 === name.length && this.text.startsWith(name, start + 1);
  }

  private endRun(): void {
    if (this.runStart !== undefined) this.add(this.text.slice(this.runStart, this.runEnd));
    this.runStart = undefined;
  }

  private place(member: ChangedMember): void {
    member.isPlaced = true;
    if (member.value !== undefined) this.add(`"${member.name}":${asBytes(JSON.stringify(member.value))}`);
  }

  private add(piece: string): void {
    this.written += this.written === '' ? piece : `,${piece}`;
  }
}

function asBytes(text: string): string {
  return NOT_ASCII.test(text) ? Buffer.from(text).toString('latin1') : text;
}
