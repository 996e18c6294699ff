import { SetMetadata, type ExecutionContext } from '@nestjs/common';

/** What an API key may be used for. */
export const SCOPES = ['inference', 'keys', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who comes in. Everybody needs a credential, unless it is public. */
export interface Access {
  readonly isPublic?: true;
  /** The scope that an API key needs; without one any key will do. */
  readonly scope?: Scope;
  /** The session of somebody who logged in is as good as a key. */
  readonly allowsSessions?: true;
  readonly isForAdministrators?: true;
  /** Nobody needs a credential; who shows one must be known. */
  readonly allowsGuests?: true;
}

const ACCESS = Symbol('ACCESS');
const ANY_KEY: Access = {};

/** Opens a route, or a whole controller, to everybody. Without any of these the guard wants an API key. */
export const Public = () => SetMetadata(ACCESS, { isPublic: true } satisfies Access);

/** For everybody, with more to see for those who say who they are. */
export const GuestsWelcome = () => SetMetadata(ACCESS, { allowsGuests: true, allowsSessions: true } satisfies Access);

/** For API keys with this scope. */
export const Scoped = (scope: Scope) => SetMetadata(ACCESS, { scope } satisfies Access);

/** For people who logged in, and for keys that may manage keys. */
export const ForAccounts = () => SetMetadata(ACCESS, { scope: 'keys', allowsSessions: true } satisfies Access);

/** For administrators who logged in, and for their keys that may administrate. */
export const AdminOnly = () =>
  SetMetadata(ACCESS, { scope: 'admin', allowsSessions: true, isForAdministrators: true } satisfies Access);

type Handler = ReturnType<ExecutionContext['getHandler']>;

// Looked up for every request: metadata would cost more than all else that the guard does.
const known = new Map<Handler, Access>();

/** Who may call this route: what its handler says, else what its controller says. */
export function accessOf(context: Pick<ExecutionContext, 'getHandler' | 'getClass'>): Access {
  const handler = context.getHandler();
  const found = known.get(handler);
  if (found) return found;
  const said: unknown = Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, context.getClass());
  const access = (said as Access | undefined) ?? ANY_KEY;
  known.set(handler, access);
  return access;
}
