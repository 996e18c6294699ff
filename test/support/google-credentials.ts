/** Credentials of a person who logged in, whose tokens come from this address instead of Google's. */
export function userCredentials(tokenUrl: string): string {
  return JSON.stringify({
    type: 'authorized_user',
    client_id: 'an-id',
    client_secret: 'of-the-client',
    refresh_token: 'to-be-exchanged',
    token_uri: tokenUrl,
  });
}

/** What Google's token service answers. */
export function tokenReply(accessToken: string): string {
  return JSON.stringify({ access_token: accessToken, token_type: 'Bearer', expires_in: 3_600 });
}
