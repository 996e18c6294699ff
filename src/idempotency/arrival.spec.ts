import { JsonDocument } from '../platform/json/json-document.js';
import { readTicket, type Arrival } from './arrival.js';

const BODY = '{"model":"x"}';

function arrival({ key = 'a key', apiKeyId = 'mine', url = '/v1/chat/completions', body = BODY }): Arrival {
  return {
    request: { headers: { 'idempotency-key': key }, url },
    caller: { apiKeyId },
    document: JsonDocument.parse(Buffer.from(body)),
  } as never;
}

describe('what an Idempotency-Key stands for', () => {
  const { id, fingerprint } = readTicket(arrival({}));

  it('is the same for a retry, whatever its query', () => {
    expect(readTicket(arrival({ url: '/v1/chat/completions?attempt=2' }))).toMatchObject({ id, fingerprint });
  });

  it('belongs to one API key', () => {
    expect(readTicket(arrival({ apiKeyId: 'yours' })).id).not.toBe(id);
  });

  it.each([{ body: '{"model": "x"}' }, { url: '/v1/embeddings' }])('is another request with %j', (difference) => {
    const other = readTicket(arrival(difference));
    expect(other.id).toBe(id);
    expect(other.fingerprint).not.toBe(fingerprint);
  });

  it('shows neither the key nor the body', () => {
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(['', 'x'.repeat(256), 'tab\there', 'ü'])('refuses "%s"', (key) => {
    expect(() => readTicket(arrival({ key }))).toThrow('1 to 255 printable');
  });
});
