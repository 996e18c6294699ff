const SECRETS = [/\b(?:sk|pk|rk|gsk|xai|hf|gw_live|gw_test)[-_][\w-]{8,}/g, /(?<=bearer\s+)\S+/gi];

/** Takes what looks like a credential out of a text that somebody else wrote, such as a provider's error message. */
export function redact(text: string): string {
  return SECRETS.reduce((rest, secret) => rest.replace(secret, '[redacted]'), text);
}
