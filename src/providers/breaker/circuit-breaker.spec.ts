import fc from 'fast-check';
import { CircuitBreaker, type BreakerSettings, type Outcome } from './circuit-breaker.js';

const SETTINGS: BreakerSettings = {
  windowMs: 30_000,
  minimum: 10,
  faultShare: 0.5,
  consecutive: 5,
  openMs: 5_000,
  longestOpenMs: 60_000,
  probes: 3,
  successes: 2,
};

class Scene {
  now = 1_000_000;
  readonly changes: string[] = [];
  readonly told: string[] = [];
  readonly breaker = new CircuitBreaker(SETTINGS, {
    now: () => this.now,
    random: () => 0.5,
    changed: (from, to) => this.changes.push(`${from} → ${to}`),
    witnessed: (outcome) => this.told.push(outcome),
  });

  ends(...outcomes: Outcome[]): boolean[] {
    return outcomes.map((outcome) => {
      const isLetThrough = this.breaker.tryAcquire();
      if (isLetThrough) this.breaker.record(outcome);
      return isLetThrough;
    });
  }
}

const times = (count: number, outcome: Outcome): Outcome[] => Array.from({ length: count }, () => outcome);

describe('a circuit breaker', () => {
  it('opens after five faults in a row, and lets the sixth attempt not through', () => {
    const { breaker, ...scene } = opened();
    expect(scene.letThrough).toEqual([true, true, true, true, true]);
    expect([breaker.state, breaker.tryAcquire()]).toEqual(['open', false]);
  });

  it('opens when half of what the window holds went wrong, but not for a few', () => {
    const scene = new Scene();
    scene.ends('fault', 'fault', 'fault', 'success', 'fault', 'fault', 'success', 'fault', 'success');
    expect(scene.breaker.state).toBe('closed');
    scene.ends('fault');
    expect(scene.breaker.state).toBe('open');
  });

  it('forgets what is older than its window', () => {
    const scene = new Scene();
    scene.ends('fault', 'fault', 'fault', 'success', 'fault', 'fault', 'fault', 'success');
    scene.now += 31_000;
    scene.ends('fault', 'success', 'fault');
    expect(scene.breaker.state).toBe('closed');
  });

  it("never counts what is not the provider's fault", () => {
    const scene = new Scene();
    scene.ends(...times(100, 'neutral'));
    expect(scene.breaker.state).toBe('closed');
  });

  it('lets only a few probes through when its time is over, and closes when two succeed', () => {
    const { scene, breaker } = opened();
    scene.now += 5_000;
    expect(breaker.state).toBe('half_open');
    expect([1, 2, 3, 4].map(() => breaker.tryAcquire())).toEqual([true, true, true, false]);
    breaker.record('success');
    expect([breaker.state, breaker.tryAcquire(), breaker.tryAcquire()]).toEqual(['half_open', true, false]);
    breaker.record('success');
    expect(breaker.state).toBe('closed');
    expect(scene.changes).toEqual(['closed → open', 'open → half_open', 'half_open → closed']);
  });

  it('gives the place of a probe that says nothing to another', () => {
    const { scene, breaker } = opened();
    scene.now += 5_000;
    for (let probe = 0; probe < 10; probe += 1) scene.ends('neutral');
    expect([breaker.state, breaker.tryAcquire()]).toEqual(['half_open', true]);
  });

  it('stays open twice as long after each probe that fails, up to a minute', () => {
    const { scene, breaker } = opened();
    const waits: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      waits.push(breaker.opensAgainAt - scene.now);
      scene.now = breaker.opensAgainAt;
      scene.ends('fault');
    }
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('believes an attempt that was made all the same and succeeded', () => {
    const { breaker } = opened();
    breaker.record('success');
    expect(breaker.state).toBe('half_open');
  });

  it('opens when another gateway says so, and closes when somebody does', () => {
    const scene = new Scene();
    scene.breaker.openElsewhere(scene.now + 2_000);
    expect(scene.breaker.state).toBe('open');
    scene.breaker.close();
    expect(scene.breaker.state).toBe('closed');
    scene.breaker.openElsewhere(scene.now - 1);
    expect(scene.breaker.state).toBe('closed');
  });

  it('counts the faults of other gateways in a row that any success ends', () => {
    const scene = new Scene();
    scene.ends('fault', 'fault');
    scene.breaker.hear('fault');
    scene.breaker.hear('fault');
    scene.breaker.hear('success');
    scene.ends(...times(3, 'fault'));
    scene.breaker.hear('fault');
    expect(scene.breaker.state).toBe('closed');
    scene.ends('fault');
    expect(scene.breaker.state).toBe('open');
  });

  it('tells others of faults, and of a success only when it ends a row of them', () => {
    const scene = new Scene();
    scene.ends('success', 'fault', 'neutral', 'success', 'success');
    scene.breaker.hear('fault');
    scene.ends('success', 'success');
    expect(scene.told).toEqual(['fault', 'success', 'success']);
  });

  it('recovers from everything: once all succeeds, it closes', () => {
    const anyStep = fc.tuple(fc.constantFrom<Outcome>('success', 'fault', 'neutral'), fc.nat(20_000));
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 200 }), (steps) => {
        const scene = new Scene();
        for (const [outcome, ms] of steps) {
          scene.ends(outcome);
          scene.now += ms;
        }
        scene.now += 60_000 * 1.2;
        scene.ends('success', 'success');
        expect(scene.breaker.state).toBe('closed');
      }),
    );
  });
});

function opened() {
  const scene = new Scene();
  const letThrough = scene.ends(...times(5, 'fault'));
  return { scene, breaker: scene.breaker, letThrough };
}
