import { createHash } from 'node:crypto';
import type { SignatureV4 } from '@smithy/signature-v4';
import type { RequestSigner, UnsignedRequest } from '../request-signer.js';
import { UpstreamCredentialsError } from '../upstream-errors.js';

/** What Amazon knows somebody by. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AwsScope {
  readonly providerId: string;
  readonly region: string;
  /** The name that the service signs by, such as `bedrock`. */
  readonly service: string;
  /** Without keys they are found as Amazon's own tools find them: profile, web identity, container. */
  readonly keys: AwsKeys | undefined;
}

/** Signs each request with AWS Signature Version 4. */
export class AwsSignature implements RequestSigner {
  private loaded: Promise<SignatureV4> | undefined;

  constructor(private readonly scope: AwsScope) {}

  /** @throws UpstreamCredentialsError */
  async headersFor(request: UnsignedRequest): Promise<Readonly<Record<string, string>>> {
    try {
      this.loaded ??= this.load();
      return await sign(await this.loaded, request);
    } catch (cause) {
      throw new UpstreamCredentialsError(this.scope.providerId, { cause });
    }
  }

  /** The libraries are loaded only where they are needed: they would hold up every start. */
  private async load(): Promise<SignatureV4> {
    const { region, service, keys } = this.scope;
    const [{ SignatureV4: Signer }, { Sha256: sha256 }] = await Promise.all([
      import('@smithy/signature-v4'),
      import('@aws-crypto/sha256-js'),
    ]);
    const credentials = keys ?? (await import('@aws-sdk/credential-provider-node')).defaultProvider();
    return new Signer({ credentials, region, service, sha256 });
  }
}

/** The checksum of the body is made here: in JavaScript, as the library has it, large ones would hold up everybody. */
async function sign(signer: SignatureV4, { method, url, headers, body }: UnsignedRequest) {
  const { protocol, host, hostname, pathname } = new URL(url);
  const checksum = createHash('sha256')
    .update(body ?? '')
    .digest('hex');
  const known = { ...headers, host, 'x-amz-content-sha256': checksum };
  const signed = await signer.sign({ method, protocol, hostname, path: pathname, headers: known });
  const added = Object.entries(signed.headers).filter(([name]) => name !== 'host' && !(name in headers));
  return Object.fromEntries(added);
}
