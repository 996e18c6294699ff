import { OfferTraffic } from './offer-traffic.js';
import type { AttemptFigures } from './recent-attempts.js';

const MINUTE_MS = 60_000;

class Scene {
  now = 1_000 * MINUTE_MS;
  readonly traffic = new OfferTraffic(() => this.now);

  sees(count: number, figures: Partial<AttemptFigures> = {}): void {
    for (let seen = 0; seen < count; seen += 1) {
      this.traffic.observe({
        isOk: true,
        durationMs: 1_000 + seen,
        firstTokenMs: 100 + seen,
        tokensPerSecond: 50,
        ...figures,
      });
    }
    this.now += 2_000;
  }
}

describe('the traffic of an offer', () => {
  it('says nothing of an offer that was hardly asked', () => {
    const scene = new Scene();
    expect(scene.traffic.snapshot()).toMatchObject({ attempts: 0, successRate: undefined, uptime: undefined });
    scene.sees(4);
    expect(scene.traffic.snapshot()).toMatchObject({ attempts: 4, successRate: undefined, firstTokenP50Ms: undefined });
  });

  it('tells rates, medians and the slowest twentieth', () => {
    const scene = new Scene();
    scene.sees(100);
    scene.sees(25, { isOk: false, firstTokenMs: undefined });
    expect(scene.traffic.snapshot()).toEqual({
      attempts: 125,
      successRate: 0.8,
      latencyP50Ms: 1_050,
      latencyP95Ms: 1_095,
      firstTokenP50Ms: 150,
      firstTokenP95Ms: 195,
      tokensPerSecond: 50,
      uptime: 0.8,
      lastAt: scene.now - 2_000,
    });
  });

  it('forgets after five minutes how it went, and after a day that it went at all', () => {
    const scene = new Scene();
    scene.sees(10, { isOk: false });
    scene.now += 6 * MINUTE_MS;
    scene.sees(30);
    expect(scene.traffic.snapshot()).toMatchObject({ attempts: 30, successRate: 1, uptime: 0.75 });
    scene.now += 24 * 60 * MINUTE_MS;
    expect(scene.traffic.snapshot()).toMatchObject({ attempts: 0, successRate: undefined, uptime: undefined });
  });

  it('keeps the newest when there are many', () => {
    const scene = new Scene();
    scene.sees(1_000, { isOk: false });
    scene.sees(256);
    expect(scene.traffic.snapshot()).toMatchObject({ attempts: 256, successRate: 1 });
  });

  it('does not sort again for every call', () => {
    const scene = new Scene();
    scene.sees(10);
    const before = scene.traffic.snapshot();
    scene.traffic.observe({ isOk: false, durationMs: 1, firstTokenMs: 1, tokensPerSecond: 1 });
    expect(scene.traffic.snapshot()).toBe(before);
    scene.now += 1_000;
    expect(scene.traffic.snapshot()).not.toBe(before);
  });
});
