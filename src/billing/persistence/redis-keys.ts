/** Usage records of all gateways, until the database has them. */
export const JOURNAL_KEY = 'gatewayz:journal';
export const JOURNAL_GROUP = 'settlement';
export const ACCOUNT_PREFIX = 'gatewayz:account:';

/** The keys of one user and API key, in the order in which the scripts name them; the braces keep them in one slot. */
export function keysOf({ userId, apiKeyId }: { userId: string; apiKeyId: string }): string[] {
  const slot = `{${userId}}`;
  return [
    `${ACCOUNT_PREFIX}${slot}`,
    `gatewayz:spending:${slot}:${apiKeyId}`,
    `rate_limit:${slot}:inference:${apiKeyId}`,
    `gatewayz:leases:${slot}`,
    `gatewayz:holds:${slot}`,
  ];
}
