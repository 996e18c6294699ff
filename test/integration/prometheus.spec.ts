import { setTimeout as pause } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { hasPrometheus, startPrometheus, type Prometheus } from '../support/prometheus.js';

/** `npm run test:prometheus` scrapes for two minutes. */
const SECONDS = Number(process.env['PROMETHEUS_SECONDS'] ?? 6);
const CHAT = '/v1/chat/completions';
const MODEL = 'sandbox/echo-1';
const CALLERS = 8;
/** So long a rule may take to notice, thirty times as fast as in production. */
const NOTICED_MS = 60_000;

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

/** What the load generator itself saw. */
interface Seen {
  calls: number;
  input: number;
  output: number;
}

(hasPrometheus() ? describe : describe.skip)('a real Prometheus', () => {
  let sandbox: Sandbox;
  let gateway: Gateway;
  let prometheus: Prometheus;

  beforeAll(async () => {
    sandbox = await startSandbox();
    gateway = await startGateway({
      env: { SANDBOX_BASE_URL: sandbox.url, BREAKER_OPEN_MS: '500', LOG_LEVEL: 'error' },
    });
    prometheus = await startPrometheus(new URL(gateway.url).host);
  }, 90_000);

  afterAll(async () => {
    await prometheus.stop();
    await gateway.stop();
    await sandbox.close();
  });

  const ask = (more: object = {}) =>
    gateway.chat({ model: MODEL, messages: [{ role: 'user', content: 'Count me.' }], ...more });
  const sum = async (metric: string) => (await prometheus.query(`sum(${metric})`))[0]?.value ?? 0;
  const firing = async () => {
    const alerts = await prometheus.alerts();
    return alerts.filter(({ state }) => state === 'firing').map(({ name }) => name);
  };

  it(
    'scrapes under load without an error, and its figures are those of the load to the unit',
    async () => {
      const seen: Seen = { calls: 0, input: 0, output: 0 };
      const endsAt = Date.now() + SECONDS * 1_000;
      const caller = async (): Promise<void> => {
        while (Date.now() < endsAt) {
          const { usage } = (await (await ask()).json()) as { usage: Usage };
          seen.calls += 1;
          seen.input += usage.prompt_tokens;
          seen.output += usage.completion_tokens;
        }
      };
      await Promise.all(Array.from({ length: CALLERS }, caller));
      await eventually(async () => {
        const of = `model="${MODEL}"`;
        expect({
          calls: await sum(`model_inference_requests_total{${of}, status="success"}`),
          requests: await sum(`http_requests_total{endpoint="${CHAT}", status_code="200"}`),
          timed: await sum(`http_request_duration_seconds_count{endpoint="${CHAT}"}`),
          input: await sum(`tokens_used_total{${of}, token_type="input"}`),
          output: await sum(`tokens_used_total{${of}, token_type="output"}`),
        }).toEqual({ ...seen, requests: seen.calls, timed: seen.calls });
      });
      const targets = await prometheus.targets();
      expect(targets).toMatchObject([{ health: 'up', lastError: '' }]);
      expect(await sum('min_over_time(up[1h])')).toBe(1);
      expect(await sum('max_over_time(scrape_duration_seconds[1h])')).toBeLessThan(1);
      process.stderr.write(
        `${seen.calls} calls in ${SECONDS} s; scrapes took ${await sum('avg_over_time(scrape_duration_seconds[1h])')} s, at most ${await sum('max_over_time(scrape_duration_seconds[1h])')} s, for ${await sum('scrape_samples_scraped')} samples\n`,
      );
      expect(await firing()).toEqual([]);
    },
    (SECONDS + 60) * 1_000,
  );

  it('alerts when the provider breaks, and no more once it is well again', async () => {
    const state = { isBroken: true, isOver: false };
    const traffic = (async () => {
      while (!state.isOver) {
        if (state.isBroken) sandbox.schedule([{ fault: 'status', status: 503 }]);
        await (await ask()).text();
        await pause(50);
      }
    })();
    await eventually(async () => {
      expect(await firing()).toEqual(expect.arrayContaining(['ProviderFails', 'ManyRequestsFail']));
    }, NOTICED_MS);
    state.isBroken = false;
    sandbox.reset();
    await eventually(async () => {
      expect(await firing()).toEqual([]);
    }, NOTICED_MS);
    state.isOver = true;
    await traffic;
  }, 200_000);
});
