/** Who makes a request: one API key, and the user that it belongs to. */
export interface Caller {
  readonly userId: string;
  readonly apiKeyId: string;
  readonly isAdmin: boolean;
  readonly scopes: readonly string[];
}
