import { createDeepSeek } from '@ai-sdk/deepseek';
import { createGroq } from '@ai-sdk/groq';
import { createMistral } from '@ai-sdk/mistral';
import { createOpenAI } from '@ai-sdk/openai';
import { createPerplexity } from '@ai-sdk/perplexity';
import { ALL_PROVIDERS } from '../../src/providers/all-providers.js';
import { openAiDialect } from '../../src/providers/dialects/openai/openai-dialect.js';
import { inputTokens, NO_TOKENS, outputTokens } from '../../src/providers/token-usage.js';
import { readStream, readWhole, type ModelThatHears, type Reading } from '../support/client-reading.js';
import { findRecordings, openAiFraming, type Recording } from '../support/recordings.js';
import { gatewayClient, named, providerOf, streamThroughGateway, wholeThroughGateway } from '../support/replayed.js';

const SPEAKERS = ALL_PROVIDERS.filter(({ dialect }) => dialect === openAiDialect).map(({ id }) => id);
const RECORDINGS = findRecordings(SPEAKERS, openAiFraming);

/** Who would read the recording without a gateway: each provider's own package. */
const OWN_CLIENTS: Readonly<Record<string, ModelThatHears>> = {
  openai: (fetch) => createOpenAI({ apiKey: 'none', fetch }).chat('m'),
  groq: (fetch) => createGroq({ apiKey: 'none', fetch }).languageModel('m'),
  mistral: (fetch) => createMistral({ apiKey: 'none', fetch }).languageModel('m'),
  deepseek: (fetch) => createDeepSeek({ apiKey: 'none', fetch }).languageModel('m'),
  perplexity: (fetch) => createPerplexity({ apiKey: 'none', fetch }).languageModel('m'),
};
/** xAI's package reads its Responses only. */
const clientOf = ({ providerId }: Recording): ModelThatHears => OWN_CLIENTS[providerId] ?? gatewayClient;

/** Jest finds no tests bad, and there are none where nothing was recorded. */
const replay = RECORDINGS.length > 0 ? describe : describe.skip;

replay('a recorded stream', () => {
  it.each(named(RECORDINGS, 'stream'))('%s says the same behind the gateway', async (_, recording) => {
    const expected = corrected(recording, await readStream(clientOf(recording), recording.bytes));
    expect(expected.usage.output).toBeGreaterThan(0);
    for (const size of [recording.bytes.length, 1_000, 7]) {
      const { sent, usage, text } = streamThroughGateway(recording, size);
      expect(await readStream(gatewayClient, sent)).toEqual(expected);
      expect(text).toContain(expected.text);
      expect(metered(usage)).toEqual(expected.usage);
    }
  });
});

replay('a recorded reply', () => {
  it.each(named(RECORDINGS, 'whole'))('%s says the same behind the gateway', async (_, recording) => {
    const expected = corrected(recording, await readWhole(clientOf(recording), recording.bytes));
    expect(expected.usage.output).toBeGreaterThan(0);
    const { sent, usage, text } = wholeThroughGateway(recording);
    expect(await readWhole(gatewayClient, sent)).toEqual(expected);
    expect(text).toContain(expected.text);
    expect(metered(usage)).toEqual(expected.usage);
  });
});

replay('a recorded failure', () => {
  it.each(named(RECORDINGS, 'failure'))('%s is read with everything it says', (_, recording) => {
    const { error } = JSON.parse(recording.bytes.toString()) as { error: object };
    expect(providerOf(recording).dialect.failure(recording.bytes)).toEqual(error);
  });
});

/** Where nobody who knows xAI reads for us: its `completion_tokens` leave the reasoning out. */
function corrected({ providerId }: Recording, reading: Reading): Reading {
  if (providerId !== 'xai') return reading;
  const { output, reasoning } = reading.usage;
  return { ...reading, usage: { ...reading.usage, output: output + reasoning } };
}

function metered(usage = NO_TOKENS) {
  const { cacheRead, reasoning } = usage;
  return { input: inputTokens(usage), cached: cacheRead, output: outputTokens(usage), reasoning };
}
