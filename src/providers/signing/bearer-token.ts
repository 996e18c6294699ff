import type { RequestSigner } from '../request-signer.js';

/** A long-lived token takes the place of a signature. */
export function bearerToken(token: string): RequestSigner {
  return { headersFor: () => Promise.resolve({ authorization: `Bearer ${token}` }) };
}
