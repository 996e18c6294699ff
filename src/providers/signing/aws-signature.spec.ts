import { createHash, createHmac } from 'node:crypto';
import { AwsSignature, type AwsKeys } from './aws-signature.js';

const KEYS: AwsKeys = { accessKeyId: 'AKID', secretAccessKey: 'a-secret' };
const SCOPE = { providerId: 'amazon-bedrock', region: 'eu-central-1', service: 'bedrock' };
const BODY = Buffer.from('{"messages":[{"role":"user"}]}');
const REQUEST = {
  method: 'POST' as const,
  url: 'https://bedrock-runtime.eu-central-1.amazonaws.com/model/us.anthropic.claude%3A0/converse',
  headers: { accept: '*/*', 'content-type': 'application/json' },
  body: BODY,
};

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** What Amazon computes from a request, as its documentation of Signature Version 4 tells it. */
function signatureOf(headers: Readonly<Record<string, string>>, secret: string): string {
  const { authorization = '', 'x-amz-date': at = '' } = headers;
  const [, names = ''] = /SignedHeaders=([^,]+)/.exec(authorization) ?? [];
  const [, scope = ''] = /Credential=[^/]+\/([^,]+)/.exec(authorization) ?? [];
  const { host, pathname } = new URL(REQUEST.url);
  const received: Readonly<Record<string, string>> = { host, ...REQUEST.headers, ...headers };
  const canonical = [
    REQUEST.method,
    // What is in the path as `%3A` is encoded once more.
    pathname.split('/').map(encodeURIComponent).join('/'),
    '',
    ...names.split(';').map((name) => `${name}:${received[name]}`),
    '',
    names,
    sha256(BODY),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign).toString('hex');
}

describe('a signature for Amazon', () => {
  it.each([KEYS, { ...KEYS, sessionToken: 'a-session' }])('is the one that Amazon computes: %j', async (keys) => {
    const headers = await new AwsSignature({ ...SCOPE, keys }).headersFor(REQUEST);
    expect(headers['authorization']).toContain(`Signature=${signatureOf(headers, KEYS.secretAccessKey)}`);
    expect(headers['authorization']).toMatch(
      /Credential=AKID\/\d{8}\/eu-central-1\/bedrock\/aws4_request, SignedHeaders=[\w;-]*host;/,
    );
    expect(headers['x-amz-security-token']).toBe(keys.sessionToken);
    expect(signatureOf(headers, 'another')).not.toBe(signatureOf(headers, KEYS.secretAccessKey));
  });
});
