import type { AuthClient, IdentityPoolClientOptions } from 'google-auth-library';
import { readFile } from 'node:fs/promises';
import { isJsonObject, parseJson } from '../../platform/json/json-document.js';
import type { RequestSigner } from '../request-signer.js';
import { UpstreamCredentialsError } from '../upstream-errors.js';

/** The library would load a `fetch` of its own otherwise. */
const TRANSPORT = { fetchImplementation: fetch };
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * Signs with an access token of whatever stands in a file of credentials; Google's library keeps the token until shortly before
 * it expires.
 */
export class GoogleCredentials implements RequestSigner {
  private auth: Promise<AuthClient> | undefined;
  private asking: Promise<string> | undefined;

  constructor(
    private readonly providerId: string,
    /** The path of a file of credentials, or the JSON that stands in one. */
    private readonly given: string,
  ) {}

  /** @throws UpstreamCredentialsError */
  async headersFor(): Promise<Readonly<Record<string, string>>> {
    // Calls that come together ask once.
    this.asking ??= this.token().finally(() => (this.asking = undefined));
    return { authorization: `Bearer ${await this.asking}` };
  }

  private async token(): Promise<string> {
    try {
      this.auth ??= this.load();
      const { token } = await (await this.auth).getAccessToken();
      if (!token) throw new Error('Google gave no token.');
      return token;
    } catch (cause) {
      throw new UpstreamCredentialsError(this.providerId, { cause });
    }
  }

  /** The library is loaded only where it is needed: it would hold up every start. */
  private async load(): Promise<AuthClient> {
    const text = this.given.trimStart().startsWith('{') ? this.given : await readFile(this.given, 'utf8');
    return clientOf(parseJson(text), await import('google-auth-library'));
  }
}

/** Of a service account, of a person who logged in, or of a workload that has a token of another cloud. */
function clientOf(credentials: unknown, library: typeof import('google-auth-library')): AuthClient {
  if (!isJsonObject(credentials)) throw new Error('The credentials are no JSON object.');
  const { type } = credentials;
  if (type === 'service_account') {
    const { client_email: email, private_key: key } = credentials;
    return new library.JWT({ email: String(email), key: String(key), scopes: [SCOPE], transporterOptions: TRANSPORT });
  }
  if (type === 'authorized_user') {
    const { client_id: id, client_secret: secret, refresh_token: token, token_uri: tokenUrl } = credentials;
    const user = { clientId: String(id), clientSecret: String(secret), refreshToken: String(token) };
    const endpoints = typeof tokenUrl === 'string' ? { oauth2TokenUrl: tokenUrl } : {};
    return new library.UserRefreshClient({ ...user, endpoints, transporterOptions: TRANSPORT });
  }
  const workload = library.ExternalAccountClient.fromJSON({
    ...(credentials as unknown as IdentityPoolClientOptions),
    scopes: [SCOPE],
    transporterOptions: TRANSPORT,
  });
  if (!workload) throw new Error(`There are no credentials of type "${String(type)}".`);
  return workload;
}
