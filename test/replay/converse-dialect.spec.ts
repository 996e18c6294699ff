import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import type { JsonObject } from '../../src/platform/json/json-document.js';
import { ALL_PROVIDERS } from '../../src/providers/all-providers.js';
import { bedrockDialect } from '../../src/providers/dialects/bedrock/bedrock-dialect.js';
import { inputTokens, NO_TOKENS, outputTokens } from '../../src/providers/token-usage.js';
import { readStream, readWhole, type ModelThatHears } from '../support/client-reading.js';
import { frame } from '../support/converse-events.js';
import { findRecordings } from '../support/recordings.js';
import { gatewayClient, named, streamThroughGateway, wholeThroughGateway } from '../support/replayed.js';

const SPEAKERS = ALL_PROVIDERS.filter(({ dialect }) => dialect === bedrockDialect).map(({ id }) => id);
const RECORDINGS = findRecordings(SPEAKERS, (events) =>
  Buffer.concat(events.map((event) => frame(JSON.parse(event) as JsonObject))),
);

/** Who would read the recording without a gateway. */
const bedrockClient: ModelThatHears = (fetch) =>
  createAmazonBedrock({ apiKey: 'none', region: 'us-east-1', fetch }).languageModel('anthropic.claude-sonnet-4-5');

const replay = RECORDINGS.length > 0 ? describe : describe.skip;

replay('a recorded stream', () => {
  it.each(named(RECORDINGS, 'stream'))('%s says the same behind the gateway', async (_, recording) => {
    const expected = await readStream(bedrockClient, recording.bytes, 'application/vnd.amazon.eventstream');
    expect(expected.usage.input).toBeGreaterThan(0);
    for (const size of [recording.bytes.length, 1_000, 7, 1]) {
      const { sent, usage, text } = streamThroughGateway(recording, size);
      expect(await readStream(gatewayClient, sent)).toEqual(expected);
      expect(text.length).toBeGreaterThanOrEqual(expected.text.length + expected.reasoning.length);
      expect(metered(usage)).toEqual(expected.usage);
    }
  });
});

replay('a recorded reply', () => {
  it.each(named(RECORDINGS, 'whole'))('%s says the same behind the gateway', async (_, recording) => {
    const expected = await readWhole(bedrockClient, recording.bytes);
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
