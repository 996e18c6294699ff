import type { Caller } from '../../src/auth/caller.js';

/** A caller without any limit. */
export function aCaller(changes: Partial<Caller> = {}): Caller {
  return {
    userId: 'user',
    apiKeyId: 'key',
    isAdmin: false,
    scopes: ['inference'],
    limits: { requestsPerMinute: undefined, tokensPerMinute: undefined, concurrency: undefined, budget: {} },
    allowedModels: undefined,
    allowedAddresses: undefined,
    keepsHistory: true,
    providerKeys: new Map(),
    ...changes,
  };
}
