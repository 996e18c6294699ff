import { Inject, Injectable } from '@nestjs/common';
import { ENV, type Env } from '../../config/env.js';
import type { FrontDoor } from './front-door.js';

const IDLE_CHECK_MS = 100;

/** The end of a server's life: no new connections, and the calls under way may finish for a while. */
@Injectable()
export class Drain {
  private hasBegun = false;

  constructor(@Inject(ENV) private readonly env: Env) {}

  get isDraining(): boolean {
    return this.hasBegun;
  }

  /** Resolves once no call is under way, or when the grace is over and what was left was cut off. */
  async drain(door: FrontDoor): Promise<void> {
    this.hasBegun = true;
    const closed = new Promise<void>((resolve) => {
      door.server.close(() => {
        resolve();
      });
    });
    // Connections whose call has ended stay open for the next one otherwise.
    const sweep = setInterval(() => {
      door.closeIdleConnections();
    }, IDLE_CHECK_MS);
    const impatience = setTimeout(() => {
      door.server.closeAllConnections();
    }, this.env.SHUTDOWN_GRACE_MS);
    await closed;
    clearInterval(sweep);
    clearTimeout(impatience);
  }
}
