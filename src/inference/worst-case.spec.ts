import { aCaller } from '../../test/support/caller.js';
import type { Offer } from '../catalog/catalog-model.js';
import { buildSnapshot } from '../catalog/catalog-snapshot.js';
import { offersOf } from '../catalog/provider-offers.js';
import { configuredProviders } from '../providers/configured-providers.js';
import { readEnv } from '../config/env.js';
import { readNeeds } from './routing/request-needs.js';
import { worstCase } from './worst-case.js';

const providers = configuredProviders({ OPENAI_API_KEY: 'a-key' }, readEnv({}));
const { models } = buildSnapshot(
  providers,
  providers.flatMap((connected) => offersOf(connected)),
);
const known = models.get('openai/gpt-4o')?.offers[0];

function outputTokens(limits: Partial<Offer>[], { max_tokens, isStream = false }: Given = {}): number {
  if (!known) throw new Error('There is no such model.');
  const offers = limits.map((limit): Offer => ({ ...known, contextLength: undefined, ...limit }));
  const needs = readNeeds({ messages: [], ...(max_tokens !== undefined && { max_tokens }) });
  return worstCase({ requestId: 'r', caller: aCaller(), needs, isStream, offers }).outputTokens;
}

interface Given {
  readonly max_tokens?: number;
  readonly isStream?: boolean;
}

describe('the worst that a call can cost', () => {
  it('is as much as the longest-winded of its offers can write', () => {
    expect(outputTokens([{ maxOutputTokens: 4_096 }, { maxOutputTokens: 16_384 }])).toBe(16_384);
    expect(outputTokens([{ maxOutputTokens: 4_096 }, {}])).toBe(32_768);
    expect(outputTokens([{ maxOutputTokens: 4_096, contextLength: 1_000 }])).toBe(1_000);
  });

  it('is for a stream what it sets aside at first, or less where the model cannot write as much', () => {
    expect(outputTokens([{ maxOutputTokens: 16_384 }], { isStream: true })).toBe(8_192);
    expect(outputTokens([{ maxOutputTokens: 4_096 }], { isStream: true })).toBe(4_096);
  });

  it('is what the caller says, whatever the lists say', () => {
    expect(outputTokens([{ maxOutputTokens: 4_096 }], { max_tokens: 10 })).toBe(10);
    expect(outputTokens([{ maxOutputTokens: 4_096 }], { max_tokens: 5_000 })).toBe(5_000);
  });
});
