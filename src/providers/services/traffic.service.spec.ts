import { TrafficService } from './traffic.service.js';

const FIGURES = { durationMs: 1_000, firstTokenMs: 100, tokensPerSecond: 50 };

describe('what traffic tells', () => {
  it('is counted from the beginning, by offer, whatever is in the name of a model', () => {
    const traffic = new TrafficService();
    traffic.observe('groq', 'meta/llama 3', { ...FIGURES, isOk: true });
    traffic.observe('groq', 'meta/llama 3', { ...FIGURES, isOk: false });
    expect(traffic.totals()).toEqual([{ providerId: 'groq', modelId: 'meta/llama 3', attempts: 2, answered: 1 }]);
  });

  it('is heard of from other gateways, until they tell otherwise or know no more', () => {
    const traffic = new TrafficService();
    const offer = { providerId: 'groq', modelId: 'llama' };
    expect(traffic.heardSuccessRate('groq', 'llama')).toBeUndefined();
    traffic.hear([{ ...offer, errorRate: 0.25 }]);
    expect(traffic.heardSuccessRate('groq', 'llama')).toBe(0.75);
    traffic.hear([{ ...offer, errorRate: undefined }]);
    expect(traffic.heardSuccessRate('groq', 'llama')).toBeUndefined();
  });
});
