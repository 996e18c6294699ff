import { tokenReply, userCredentials } from '../../../test/support/google-credentials.js';
import { ScriptedServer } from '../../../test/support/scripted-server.js';
import { UpstreamCredentialsError } from '../upstream-errors.js';
import { GoogleCredentials } from './google-credentials.js';

describe('credentials of Google', () => {
  let server: ScriptedServer;

  beforeEach(async () => {
    server = await ScriptedServer.start((response) => {
      response.setHeader('content-type', 'application/json');
      response.end(tokenReply(`token-${server.requests.length}`));
    });
  });

  afterEach(() => server.close());

  const credentials = () => new GoogleCredentials('google-vertex', userCredentials(`${server.url}/token`));

  it('are a token, which is asked for once and used until it expires', async () => {
    const signer = credentials();
    const headers = await Promise.all([signer.headersFor(), signer.headersFor(), signer.headersFor()]);
    expect(headers).toEqual(Array.from({ length: 3 }, () => ({ authorization: 'Bearer token-1' })));
    expect(await signer.headersFor()).toEqual({ authorization: 'Bearer token-1' });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.body).toContain('refresh_token=to-be-exchanged');
  });

  it('are our trouble when Google gives none, and are asked for again', async () => {
    const signer = credentials();
    const good = server.answer;
    server.answer = (response) => response.writeHead(400).end('{"error":"invalid_grant"}');
    await expect(signer.headersFor()).rejects.toBeInstanceOf(UpstreamCredentialsError);
    server.answer = good;
    expect(await signer.headersFor()).toMatchObject({
      authorization: expect.stringContaining('Bearer token-') as string,
    });
  });

  it.each(['/no/such/file.json', '{"type":"nonsense"}', '{'])('cannot be made of %s', async (given) => {
    await expect(new GoogleCredentials('google-vertex', given).headersFor()).rejects.toMatchObject({
      message: 'google-vertex gave no access.',
      isRetryable: true,
    });
  });
});
