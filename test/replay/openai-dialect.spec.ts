import { ALL_PROVIDERS } from '../../src/providers/all-providers.js';
import { openAiDialect } from '../../src/providers/dialects/openai/openai-dialect.js';
import { inputTokens, NO_TOKENS, outputTokens } from '../../src/providers/token-usage.js';
import { readStream, readWhole, type Reading } from '../support/client-reading.js';
import { findRecordings, openAiFraming, type Recording } from '../support/recordings.js';
import { gatewayClient, named, providerOf, streamThroughGateway, wholeThroughGateway } from '../support/replayed.js';

const SPEAKERS = ALL_PROVIDERS.filter(({ dialect }) => dialect === openAiDialect).map(({ id }) => id);
const RECORDINGS = findRecordings(SPEAKERS, openAiFraming);

/** Jest finds no tests bad, and there are none where nothing was recorded. */
const replay = RECORDINGS.length > 0 ? describe : describe.skip;

replay('a recorded stream', () => {
  it.each(named(RECORDINGS, 'stream'))('%s says the same behind the gateway', async (_, recording) => {
    const expected = await readStream(gatewayClient, recording.bytes);
    expect(expected.usage.output).toBeGreaterThan(0);
    for (const size of [recording.bytes.length, 1_000, 7]) {
      const { sent, usage, text } = streamThroughGateway(recording, size);
      expect(await readStream(gatewayClient, sent)).toEqual(expected);
      expect(text).toContain(expected.text);
      expect(metered(usage)).toEqual(asRecorded(recording, expected));
    }
  });
});

replay('a recorded reply', () => {
  it.each(named(RECORDINGS, 'whole'))('%s says the same behind the gateway', async (_, recording) => {
    const expected = await readWhole(gatewayClient, recording.bytes);
    expect(expected.usage.output).toBeGreaterThan(0);
    const { sent, usage, text } = wholeThroughGateway(recording);
    expect(await readWhole(gatewayClient, sent)).toEqual(expected);
    expect(text).toContain(expected.text);
    expect(metered(usage)).toEqual(asRecorded(recording, expected));
  });
});

replay('a recorded failure', () => {
  it.each(named(RECORDINGS, 'failure'))('%s is read with everything it says', (_, recording) => {
    const { error } = JSON.parse(recording.bytes.toString()) as { error: object };
    expect(providerOf(recording).dialect.failure(recording.bytes)).toEqual(error);
  });
});

function metered(usage = NO_TOKENS) {
  const { cacheRead, reasoning } = usage;
  return { input: inputTokens(usage), cached: cacheRead, reasoning, total: inputTokens(usage) + outputTokens(usage) };
}

/** In the provider's own total: its `completion_tokens` may leave the reasoning out, which the client cannot know. */
function asRecorded({ bytes }: Recording, { usage: { input, cached, reasoning } }: Reading) {
  const total = Number([...bytes.toString().matchAll(/"total_tokens":\s*(\d+)/g)].at(-1)?.[1]);
  return { input, cached, reasoning, total };
}
