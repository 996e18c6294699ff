/** A request as it is about to be sent. */
export interface UnsignedRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** Proves to a provider who asks, where that takes more than a key in a header: a signature, a token that expires. */
export interface RequestSigner {
  /** The headers to add. @throws UpstreamCredentialsError */
  headersFor(request: UnsignedRequest): Promise<Readonly<Record<string, string>>>;
}
