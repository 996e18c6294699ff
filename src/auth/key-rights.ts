import type { Scope } from './access.js';
import type { Actor } from './api-key-settings.js';
import { PermissionError } from './auth-errors.js';
import { isRestricted, type Caller, type User } from './caller.js';

/** Who asks for a change of keys: a person, or one of their keys. */
export interface KeyManager {
  readonly actor: Actor;
  readonly user: User;
  readonly caller: Caller | undefined;
}

/**
 * Nobody may make a key that can do more than they can: an administrator's rights are for administrators, a key passes
 * on only scopes that it has, and one that is limited itself manages no keys.
 * @throws PermissionError
 */
export function refuseMoreRights({ user, caller }: KeyManager, scopes: readonly Scope[] = []): void {
  if (caller && isRestricted(caller)) throw new PermissionError('key_restricted');
  if (scopes.includes('admin') && !user.isAdmin) throw new PermissionError('admin_required', 'scopes');
  if (caller && scopes.some((scope) => !caller.scopes.includes(scope)))
    throw new PermissionError('scope_missing', 'scopes');
}
