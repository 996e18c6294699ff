import type { Behaviour } from './behaviour.js';
import type { ModelAliases } from './models.js';
import type { RequestLog } from './request-log.js';

/** What lives as long as one sandbox, and what its routes may touch. */
export interface SandboxState {
  readonly apiKey: string | undefined;
  readonly log: RequestLog;
  readonly aliases: ModelAliases;
  /** Of chat requests that ask for nothing else. */
  readonly usual: Behaviour;
  /** Behaviours of the chat requests to come; the first belongs to the next. */
  readonly schedule: Behaviour[];
  /** Open connections, the one that asks included. */
  readonly openSockets: () => number;
}
