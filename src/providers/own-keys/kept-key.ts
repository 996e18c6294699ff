import type { ProviderKeyRow } from '../../platform/database/database-rows.js';

/** What may be shown of a key that a caller keeps here. */
export type KeptKey = Pick<ProviderKeyRow, 'provider_id' | 'last4' | 'created_at'>;
