import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { promisedMetrics } from '../support/metric-catalogue.js';
import { readPage, type Series } from '../support/metrics-page.js';
import { hasPrometheus, promtool } from '../support/prometheus.js';
import { expressionsOfDashboards, metricsIn, rulesIn, type Expression } from '../support/promql.js';

const DEPLOY = join(process.cwd(), 'deploy');
const RULES = join(DEPLOY, 'prometheus', 'rules');
const TESTS = join(DEPLOY, 'prometheus', 'tests');
const DASHBOARDS = join(DEPLOY, 'grafana', 'dashboards');
/** What Prometheus itself makes. */
const OF_PROMETHEUS = ['up', 'ALERTS'];
/** Names that dashboards of others know. */
const MISNAMED = /^(?:user_subscription_count|nodejs_active_\w+_total) /;
const MODEL = 'openai/gpt-4o';

const isPossible = hasPrometheus();
const withPrometheus = isPossible ? it : it.skip;
const files = (folder: string) => readdirSync(folder).map((name) => join(folder, name));

/** The types of a page's metrics. */
function typesIn(page: string): ReadonlyMap<string, string> {
  const lines = [...page.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  return new Map(lines.map(([, name = '', type = '']) => [name, type]));
}

describe('what operators deploy', () => {
  withPrometheus('is understood by Prometheus', () => {
    expect(promtool(['check', 'config', join(DEPLOY, 'prometheus', 'prometheus.yml')])).toBe('');
    expect(promtool(['check', 'rules', ...files(RULES)])).toBe('');
  });

  withPrometheus('alerts when it must, and not otherwise', () => {
    expect(promtool(['test', 'rules', ...files(TESTS)])).toBe('');
  });

  it('tests every alert', () => {
    const alerts = [...readFileSync(join(RULES, 'alerts.yml'), 'utf8').matchAll(/alert: (\w+)/g)].map(
      ([, name]) => name,
    );
    const tests = files(TESTS)
      .map((file) => readFileSync(file, 'utf8'))
      .join();
    expect(alerts.filter((name) => !tests.includes(`alertname="${name}"`))).toEqual([]);
  });

  it('shows dashboards as their source says, each panel with a sentence about itself', () => {
    const build = join(DEPLOY, 'grafana', 'source', 'build.mjs');
    expect(spawnSync(process.execPath, [build, '--check'], { encoding: 'utf8' }).stderr).toBe('');
    for (const file of files(DASHBOARDS)) {
      const { panels } = JSON.parse(readFileSync(file, 'utf8')) as { panels: { title: string; description: string }[] };
      expect(panels.filter(({ description }) => !/\w{3,}.*\.$/s.test(description))).toEqual([]);
    }
  });
});

describe('the metrics of a gateway that has had all kinds of traffic', () => {
  let first: Sandbox;
  let second: Sandbox;
  let gateway: Gateway;
  let page: string;
  let series: Series[];
  let types: ReadonlyMap<string, string>;

  const ask = async (more: object = {}, headers: Record<string, string> = {}): Promise<number> => {
    const body = { model: MODEL, messages: [{ role: 'user', content: 'What is counted here?' }], ...more };
    const response = await gateway.chat(body, { headers });
    await response.text();
    return response.status;
  };

  beforeAll(async () => {
    const aliases = { 'gpt-4o': 'reason-1', 'openai/gpt-4o': 'reason-1' } as const;
    [first, second] = await Promise.all([startSandbox({ aliases }), startSandbox({ aliases })]);
    gateway = await startGateway({
      env: {
        OPENAI_API_KEY: 'sk-first-key-0123456789',
        OPENAI_BASE_URL: first.url,
        OPENROUTER_API_KEY: 'sk-second-key-0123456789',
        OPENROUTER_BASE_URL: second.url,
        BREAKER_OPEN_MS: '60000',
        CHAT_HISTORY: 'on',
        SETTLEMENT_INTERVAL_MS: '50',
        HEALTH_INTERVAL_MS: '1000',
      },
    });
    await eventually(async () => {
      expect(await ask({ sandbox: { cached_tokens: 3 } })).toBe(200);
    });
    await ask({ stream: true, store: true });
    await ask({}, { 'idempotency-key': 'once' });
    await ask({}, { 'idempotency-key': 'once' });
    await ask({ model: 'nobody/knows-this' });
    await gateway.call('/api/analytics/events', {
      method: 'POST',
      body: JSON.stringify({ name: 'asked' }),
      headers: { 'content-type': 'application/json' },
    });
    first.schedule([{ fault: 'malformed' }]);
    await ask({ stream: true, provider: { only: ['openai'] } });
    // The breaker opens: calls go elsewhere, but for one that may not.
    first.schedule(Array.from({ length: 6 }, () => ({ fault: 'status' as const, status: 503 })));
    for (let call = 0; call < 7; call += 1) await ask({ provider: { order: ['openai', 'openrouter'] } });
    await ask({ provider: { only: ['openai'] } });
    await limited();
    await eventually(async () => {
      page = await (await gateway.call('/metrics')).text();
      series = readPage(page);
      types = typesIn(page);
      expect(unfed()).toEqual([]);
    }, 20_000);
  });

  afterAll(async () => {
    await gateway.stop();
    await Promise.all([first.close(), second.close()]);
  });

  /** A key that may ask once a minute asks twice. */
  const limited = async (): Promise<void> => {
    const made = await gateway.call('/v1/keys', {
      method: 'POST',
      body: JSON.stringify({ name: 'slow', rate_limit: 1 }),
      headers: { 'content-type': 'application/json' },
    });
    const { key } = (await made.json()) as { key: string };
    const authorization = `Bearer ${key}`;
    expect([await ask({}, { authorization }), await ask({}, { authorization })]).toEqual([200, 429]);
  };

  /** `http_request_duration_seconds` for its buckets, sum and count. */
  const family = (name: string) => (types.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, ''));
  const fed = () => new Set(series.map(({ name }) => family(name)));
  const unfed = () => promisedMetrics().filter(({ name, isRare }) => !isRare && !fed().has(name));

  it('are those of docs/metrics.md: no other, with these types and labels, and all of them fed', () => {
    const ours = [...types.keys()].filter((name) => !/^(?:process|nodejs)_/.test(name));
    const promised = promisedMetrics();
    expect([...ours].sort()).toEqual(promised.map(({ name }) => name).sort());
    for (const { name, type, labels } of promised) {
      expect([name, types.get(name)]).toEqual([name, type]);
      const one = series.find((known) => family(known.name) === name);
      const used = Object.keys(one?.labels ?? {}).filter((label) => label !== 'le');
      if (one) expect([name, used.sort()]).toEqual([name, [...labels].sort()]);
    }
    expect(unfed()).toEqual([]);
  });

  withPrometheus('are as Prometheus wants them', () => {
    const complaints = promtool(['check', 'metrics'], page)
      .split('\n')
      .filter((line) => line !== '');
    expect(complaints.filter((line) => !MISNAMED.test(line))).toEqual([]);
  });

  it.each([
    ['rules', () => rulesIn(RULES).expressions],
    ['dashboards', () => expressionsOfDashboards(DASHBOARDS)],
  ])('are all that %s ask for', (_, expressions: () => Expression[]) => {
    const known = new Set([...types.keys(), ...rulesIn(RULES).records, ...OF_PROMETHEUS]);
    const unknown = expressions().flatMap((expression) => {
      const asked = metricsIn(expression);
      if (!asked) return [`${expression.where} is no PromQL: ${expression.text}`];
      const missing = asked.filter((name) => !known.has(family(name)));
      return missing.map((name) => `${expression.where} asks for ${name}`);
    });
    expect(unknown).toEqual([]);
  });
});
