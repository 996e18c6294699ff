/** What a person logs in with. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** What a person who logged in carries. */
export interface Tokens {
  readonly userId: string;
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
}
