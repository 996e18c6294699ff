import { createAnthropic } from '@ai-sdk/anthropic';
import { ALL_PROVIDERS } from '../../src/providers/all-providers.js';
import { anthropicDialect } from '../../src/providers/dialects/anthropic/anthropic-dialect.js';
import { inputTokens, NO_TOKENS, outputTokens } from '../../src/providers/token-usage.js';
import { readStream, readWhole, type ModelThatHears } from '../support/client-reading.js';
import { anthropicFraming, findRecordings } from '../support/recordings.js';
import { gatewayClient, named, streamThroughGateway, wholeThroughGateway } from '../support/replayed.js';

const SPEAKERS = ALL_PROVIDERS.filter(({ dialect }) => dialect === anthropicDialect).map(({ id }) => id);
const RECORDINGS = findRecordings(SPEAKERS, anthropicFraming);

/** Who would read the recording without a gateway. */
const anthropicClient: ModelThatHears = (fetch) =>
  createAnthropic({ apiKey: 'none', baseURL: 'http://anthropic', fetch }).languageModel('claude-sonnet-4-5');

const replay = RECORDINGS.length > 0 ? describe : describe.skip;

replay('a recorded stream', () => {
  it.each(named(RECORDINGS, 'stream'))('%s says the same behind the gateway', async (_, recording) => {
    const expected = await readStream(anthropicClient, recording.bytes);
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
    const expected = await readWhole(anthropicClient, recording.bytes);
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
