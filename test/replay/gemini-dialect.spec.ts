import { createGoogle } from '@ai-sdk/google';
import { ALL_PROVIDERS } from '../../src/providers/all-providers.js';
import { geminiDialect } from '../../src/providers/dialects/gemini/gemini-dialect.js';
import { inputTokens, NO_TOKENS, outputTokens } from '../../src/providers/token-usage.js';
import { readStream, readWhole, type ModelThatHears } from '../support/client-reading.js';
import { geminiFraming, findRecordings } from '../support/recordings.js';
import { gatewayClient, named, streamThroughGateway, wholeThroughGateway } from '../support/replayed.js';

const SPEAKERS = ALL_PROVIDERS.filter(({ dialect }) => dialect === geminiDialect).map(({ id }) => id);
const RECORDINGS = findRecordings(SPEAKERS, geminiFraming);

/** Who would read the recording without a gateway. */
const googleClient: ModelThatHears = (fetch) =>
  createGoogle({ apiKey: 'none', baseURL: 'http://google', fetch }).languageModel('gemini-3-pro-preview');

const replay = RECORDINGS.length > 0 ? describe : describe.skip;

replay('a recorded stream', () => {
  it.each(named(RECORDINGS, 'stream'))('%s says the same behind the gateway', async (_, recording) => {
    const expected = await readStream(googleClient, recording.bytes);
    expect(expected.usage.input).toBeGreaterThan(0);
    for (const size of [recording.bytes.length, 1_000, 7, 1]) {
      const { sent, usage, text } = streamThroughGateway(recording, size);
      expect(await readStream(gatewayClient, sent)).toEqual(expected);
      // What is said between calls and thoughts stands between them.
      expect(text.length).toBeGreaterThanOrEqual(expected.text.length + expected.reasoning.length);
      expect(metered(usage)).toEqual(expected.usage);
    }
  });
});

replay('a recorded reply', () => {
  it.each(named(RECORDINGS, 'whole'))('%s says the same behind the gateway', async (_, recording) => {
    const expected = await readWhole(googleClient, recording.bytes);
    expect(expected.usage.input).toBeGreaterThan(0);
    const { sent, usage, text } = wholeThroughGateway(recording);
    expect(await readWhole(gatewayClient, sent)).toEqual(expected);
    expect(text).toContain(expected.text);
    expect(metered(usage)).toEqual(expected.usage);
  });
});

function metered(usage = NO_TOKENS) {
  const { cacheRead, reasoning } = usage;
  return { input: inputTokens(usage), cached: cacheRead, output: outputTokens(usage), reasoning };
}
