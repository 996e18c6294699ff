import { Logger } from '@nestjs/common';

/**
 * Something that happens in this process over and over. Who tells of it does not know who hears it: that is how a room
 * reaches those above.
 */
export class Topic<Event> {
  private readonly log: Logger;
  private readonly listeners: ((event: Event) => void)[] = [];

  constructor(name: string) {
    this.log = new Logger(`Topic ${name}`);
  }

  /** A listener only takes note, for a call is waiting; what takes time it does later. */
  listen(listener: (event: Event) => void): void {
    this.listeners.push(listener);
  }

  /** Never throws: what became of its news is no concern of the teller. */
  tell(event: Event): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.log.error({ err: error }, 'a listener failed');
      }
    }
  }
}
