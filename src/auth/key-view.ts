import type { OwnedApiKey } from './api-key-settings.js';

/** A key as its owner sees it; of its secret only the end. */
export function viewKey(owned: OwnedApiKey): object {
  return { object: 'api_key', ...owned };
}

/** With the secret, this once. */
export function viewNewKey({ key, owned }: { key: string; owned: OwnedApiKey }): object {
  return { ...viewKey(owned), key };
}
