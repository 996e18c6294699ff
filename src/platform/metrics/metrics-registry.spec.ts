import { Histogram } from 'prom-client';
import { MetricsRegistry } from './metrics-registry.js';

const NOW = 1_795_000_000_123;

function aRegistry(METRICS_MAX_SERIES = 100) {
  return new MetricsRegistry({ METRICS_MAX_SERIES });
}

describe('a page of metrics', () => {
  it('shows counters, gauges and histograms as Prometheus reads them', async () => {
    const registry = aRegistry();
    const calls = registry.counter({ group: 'models', name: 'calls_total', help: 'Calls.\n"All"', labels: ['model'] });
    calls.cell({ model: 'a"b\\c\nd' }).add(2);
    registry.counter({
      group: 'models',
      name: 'drops_total',
      help: 'Drops.',
      collect: (it) => (it.cell({}).value = 7),
    });
    registry.gauge({ group: 'models', name: 'open', help: 'Open.', labels: ['door'] }).set({ door: 'front' }, 1.5);
    const waits = registry.histogram({ group: 'models', name: 'wait_seconds', help: 'Waits.', buckets: [0.5, 1] });
    for (const seconds of [0.25, 0.5, 9]) waits.cell({}).observe(seconds);
    expect(await registry.render()).toBe(
      [
        '# HELP calls_total Calls.\\n"All"',
        '# TYPE calls_total counter',
        'calls_total{model="a\\"b\\\\c\\nd"} 2',
        '# HELP drops_total Drops.',
        '# TYPE drops_total counter',
        'drops_total 7',
        '# HELP open Open.',
        '# TYPE open gauge',
        'open{door="front"} 1.5',
        '# HELP wait_seconds Waits.',
        '# TYPE wait_seconds histogram',
        'wait_seconds_bucket{le="0.5"} 2',
        'wait_seconds_bucket{le="1"} 2',
        'wait_seconds_bucket{le="+Inf"} 3',
        'wait_seconds_sum 9.75',
        'wait_seconds_count 3',
        '',
      ].join('\n'),
    );
  });

  it('has, for OpenMetrics, the last trace of each bucket, and an end', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
    const registry = aRegistry();
    registry.counter({ group: 'models', name: 'calls_total', help: 'Calls.' }).cell({}).add();
    const waits = registry.histogram({ group: 'models', name: 'wait_seconds', help: 'W', labels: ['m'], buckets: [1] });
    waits.cell({ m: 'x' }).observe(0.25, 'older');
    waits.cell({ m: 'x' }).observe(0.75, 'newer');
    waits.cell({ m: 'x' }).observe(3);
    expect(await registry.render(['models'], 'openmetrics')).toBe(
      [
        '# HELP calls Calls.',
        '# TYPE calls counter',
        'calls_total 1',
        '# HELP wait_seconds W',
        '# TYPE wait_seconds histogram',
        'wait_seconds_bucket{le="1",m="x"} 2 # {trace_id="newer"} 0.75 1795000000.123',
        'wait_seconds_bucket{le="+Inf",m="x"} 3',
        'wait_seconds_sum{m="x"} 4',
        'wait_seconds_count{m="x"} 3',
        '# EOF',
        '',
      ].join('\n'),
    );
  });

  it('shows a metric of two groups on both pages, and once where both are shown', async () => {
    const registry = aRegistry();
    registry.counter({ group: ['models', 'business'], name: 'both_total', help: 'B' });
    registry.counter({ group: 'system', name: 'other_total', help: 'O' });
    const pages = [registry.render(['models']), registry.render(['business']), registry.render()];
    const counts = (await Promise.all(pages)).map((page) => page.split('# TYPE').length - 1);
    expect(counts).toEqual([1, 1, 2]);
  });

  it('takes over the metrics of a library', async () => {
    const registry = aRegistry();
    registry.adopt('system', (library) => {
      new Histogram({ name: 'gc_seconds', help: 'GC', buckets: [1], registers: [library] }).observe(0.5);
    });
    expect(await registry.render()).toContain('gc_seconds_bucket{le="1"} 1\ngc_seconds_bucket{le="+Inf"} 1');
  });

  it('cannot have two metrics of one name', () => {
    const registry = aRegistry();
    registry.counter({ group: 'models', name: 'calls_total', help: 'C' });
    expect(() => registry.gauge({ group: 'models', name: 'calls_total', help: 'C' })).toThrow(/calls_total/);
  });
});

describe('more series than the budget allows', () => {
  it('are counted together, by what there can only be a handful of', async () => {
    const registry = aRegistry(10);
    const labels = ['model', 'status'] as const;
    const calls = registry.counter({ group: 'models', name: 'calls_total', help: 'C', labels });
    for (let model = 0; model < 10_000; model += 1)
      calls.cell({ model: `m${model}`, status: model % 2 === 0 ? 'ok' : 'error' }).add();
    const readings = await registry.read('calls_total');
    expect(readings).toHaveLength(12);
    expect(readings.reduce((sum, { value }) => sum + value, 0)).toBe(10_000);
    expect(readings.slice(-2)).toEqual([
      { labels: { model: 'other', status: 'ok' }, value: 4_995 },
      { labels: { model: 'other', status: 'error' }, value: 4_995 },
    ]);
    calls.cell({ model: 'm3', status: 'error' }).add();
    expect((await registry.read('calls_total'))[3]).toEqual({ labels: { model: 'm3', status: 'error' }, value: 2 });
  });

  it('of a metric whose labels should have few values are one', async () => {
    const registry = aRegistry(10);
    const labels = ['reason'] as const;
    const waits = registry.histogram({ group: 'models', name: 'wait_seconds', help: 'W', labels, buckets: [1] });
    for (let reason = 0; reason < 100; reason += 1) waits.cell({ reason }).observe(2);
    const readings = await registry.read('wait_seconds');
    expect(readings).toHaveLength(11);
    expect(readings.at(-1)).toEqual({ labels: { reason: 'other' }, value: 180, count: 90 });
  });
});

describe('a large page', () => {
  it('of 2,000 series is written in less than 50 ms, and one of 40,000 keeps nobody waiting', async () => {
    const registry = aRegistry(5_000);
    const labels = ['provider', 'model', 'endpoint'] as const;
    const buckets = [0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 8, 10, 15];
    const waits = registry.histogram({ group: 'models', name: 'wait_seconds', help: 'W', labels, buckets });
    const fill = (models: number) => {
      for (let model = 0; model < models; model += 1)
        waits.cell({ provider: 'openai', model: `openai/gpt-${model}`, endpoint: '/v1/chat/completions' }).observe(1);
    };
    fill(150);
    await registry.render();
    const startedAt = performance.now();
    const page = await registry.render();
    expect(performance.now() - startedAt).toBeLessThan(50);
    expect(page.split('\n').length).toBeGreaterThan(2_000);

    fill(3_000);
    let [turns, isRendering] = [0, true];
    // Not a timer: on a fast machine all is written within two of its milliseconds.
    const turn = () => {
      turns += 1;
      if (isRendering) setImmediate(turn);
    };
    setImmediate(turn);
    await registry.render();
    isRendering = false;
    expect(turns).toBeGreaterThan(0);
  });
});
