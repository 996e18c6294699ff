import { readStream } from '../support/event-stream.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { readPage, sumOf, type Series } from '../support/metrics-page.js';

const CHAT = '/v1/chat/completions';
const MODEL = { provider: 'sandbox', model: 'sandbox/reason-1' };
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PLAIN = 3;
const STREAMS = 2;
const FAILED = 2;

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number };
  readonly completion_tokens_details: { readonly reasoning_tokens: number };
}

describe('the metrics of a gateway', () => {
  let gateway: Gateway;
  let page: Series[];
  const usages: Usage[] = [];

  const question = (more: object = {}) => ({
    model: MODEL.model,
    messages: [{ role: 'user', content: 'What is it that you count?' }],
    ...more,
  });
  const read = async (path: string) => readPage(await (await gateway.call(path)).text());

  beforeAll(async () => {
    gateway = await startGateway({ env: { SETTLEMENT_INTERVAL_MS: '50', BREAKER_FAULTS_IN_ROW: '100' } });
    for (let call = 0; call < PLAIN; call += 1) {
      const sandbox = { cached_tokens: 4 };
      const response = await gateway.chat(question({ sandbox }));
      usages.push(((await response.json()) as { usage: Usage }).usage);
    }
    for (let call = 0; call < STREAMS; call += 1) {
      const response = await gateway.chat(question({ stream: true, stream_options: { include_usage: true } }));
      const { events } = await readStream(response);
      usages.push((JSON.parse(events.at(-2) ?? '') as { usage: Usage }).usage);
    }
    for (let call = 0; call < FAILED; call += 1)
      await (await gateway.chat(question({ sandbox: { fault: 'status', status: 500 } }))).text();
    await (await gateway.chat({ ...question(), model: 'nobody/knows-this' })).text();
    await (await fetch(`${gateway.url}/no/such/path/${'x'.repeat(50)}`)).text();
    const limited = await gateway.call('/v1/keys', {
      method: 'POST',
      body: JSON.stringify({ name: 'slow', rate_limit: 1 }),
      headers: { 'content-type': 'application/json' },
    });
    const { key } = (await limited.json()) as { key: string };
    const headers = { authorization: `Bearer ${key}`, traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
    usages.push(((await (await gateway.chat(question(), { headers })).json()) as { usage: Usage }).usage);
    await (await gateway.chat(question(), { headers })).text();
    await eventually(async () => {
      page = await read('/metrics');
      expect(sumOf(page, 'gatewayz_credit_settlements_total', { status: 'settled' })).toBe(usages.length + FAILED);
      // Accounts are counted twice a minute, and once the database is there.
      expect(sumOf(page, 'active_api_keys')).toBeGreaterThan(0);
    }, 40_000);
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const completed = PLAIN + STREAMS + 1;
  const sum = (figure: (usage: Usage) => number) => usages.map(figure).reduce((total, one) => total + one, 0);

  it('count requests by how they were answered, under both names', () => {
    const statuses = { 200: completed, 404: 1, 429: 1, 502: FAILED };
    for (const [status_code, count] of Object.entries(statuses)) {
      expect(sumOf(page, 'http_requests_total', { method: 'POST', endpoint: CHAT, status_code })).toBe(count);
      expect(sumOf(page, 'fastapi_requests_total', { app_name: 'gatewayz', path: CHAT, status_code })).toBe(count);
    }
    expect(sumOf(page, 'http_requests_total', { endpoint: 'unmatched' })).toBe(1);
    expect(sumOf(page, 'http_request_duration_seconds_count', { endpoint: CHAT })).toBe(completed + FAILED + 2);
    expect(sumOf(page, 'fastapi_exceptions_total', { path: CHAT })).toBe(FAILED + 2);
    expect(sumOf(page, 'fastapi_request_size_bytes_count', { path: CHAT })).toBe(completed + FAILED + 2);
    expect(sumOf(page, 'fastapi_requests_in_progress', { path: '/metrics' })).toBe(1);
  });

  it('count calls of models, their tokens and what they cost', () => {
    expect(sumOf(page, 'model_inference_requests_total', { ...MODEL, status: 'success' })).toBe(completed);
    expect(sumOf(page, 'model_inference_requests_total', { ...MODEL, status: 'error' })).toBe(FAILED);
    const kinds = {
      input: sum((usage) => usage.prompt_tokens),
      output: sum((usage) => usage.completion_tokens),
      cached_input: sum((usage) => usage.prompt_tokens_details.cached_tokens),
      reasoning: sum((usage) => usage.completion_tokens_details.reasoning_tokens),
    };
    expect(kinds.cached_input).toBe(4 * PLAIN);
    for (const [token_type, count] of Object.entries(kinds))
      expect(sumOf(page, 'tokens_used_total', { ...MODEL, token_type })).toBe(count);
    expect(sumOf(page, 'gatewayz_token_efficiency', { model: MODEL.model })).toBeCloseTo(kinds.output / kinds.input);
    expect(sumOf(page, 'gatewayz_token_count_source_total', { provider: 'sandbox', source: 'provider' })).toBe(
      completed,
    );
    expect(sumOf(page, 'circuit_breaker_failures_total', { provider: 'sandbox' })).toBe(FAILED);
    expect(sumOf(page, 'circuit_breaker_successes_total', { provider: 'sandbox' })).toBe(completed);
  });

  it('time every part of a call', () => {
    const names = ['model_inference_duration_seconds', 'backend_ttfb_seconds'];
    for (const name of names) expect(sumOf(page, `${name}_count`, MODEL)).toBe(completed + FAILED);
    for (const name of ['time_to_first_chunk_seconds', 'streaming_duration_seconds'])
      expect(sumOf(page, `${name}_count`, MODEL)).toBe(STREAMS);
    expect(sumOf(page, 'provider_response_time_seconds_count', { provider: 'sandbox' })).toBe(completed + FAILED);
    for (const stage of ['request_parsing', 'auth_validation', 'request_preparation', 'backend_fetch'])
      expect(sumOf(page, 'request_stage_duration_seconds_count', { stage, endpoint: CHAT })).toBeGreaterThanOrEqual(
        completed,
      );
  });

  it('count what was refused, kept and asked of the database', () => {
    expect(sumOf(page, 'rate_limited_requests_total', { limit_type: 'requests' })).toBe(1);
    expect(sumOf(page, 'active_api_keys', { status: 'active' })).toBeGreaterThanOrEqual(1);
    expect(sumOf(page, 'user_subscription_count')).toBe(1);
    expect(sumOf(page, 'database_queries_total', { operation: 'settle_usage' })).toBeGreaterThan(0);
    expect(sumOf(page, 'gatewayz_journal_backlog')).toBe(0);
  });

  it('stand on pages by group, and the same under other addresses', async () => {
    const groups = ['system', 'providers', 'models', 'business', 'performance'];
    const pages = await Promise.all(groups.map((group) => read(`/prometheus/metrics/${group}`)));
    const names = new Set(pages.flat().map(({ name }) => name));
    expect(page.filter(({ name }) => !names.has(name))).toEqual([]);
    expect(sumOf(pages[2] ?? [], 'model_inference_requests_total', MODEL)).toBe(completed + FAILED);
    expect(sumOf(pages[0] ?? [], 'model_inference_requests_total')).toBe(0);
    for (const path of ['/prometheus/metrics', '/api/metrics/prometheus'])
      expect(sumOf(await read(path), 'model_inference_requests_total', MODEL)).toBe(completed + FAILED);
    expect((await gateway.call('/prometheus/metrics/weather')).status).toBe(404);
  });

  it('lead, for those who ask for OpenMetrics, to the traces behind latencies', async () => {
    const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
    const response = await gateway.call('/metrics', { headers: { accept } });
    expect(response.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    const text = await response.text();
    expect(text).toMatch(/\n# EOF\n$/);
    expect(text).toContain('# TYPE http_requests counter\nhttp_requests_total{');
    expect(text).toMatch(new RegExp(`model_inference_duration_seconds_bucket\\{.*# \\{trace_id="${TRACE}"\\} `));
    expect(text).toMatch(/time_to_first_chunk_seconds_bucket\{.*# \{trace_id="req_[\w-]+"\} /);
    expect(sumOf(readPage(text), 'model_inference_requests_total', MODEL)).toBe(completed + FAILED);
  });

  it('are told in short as JSON', async () => {
    const [summary, again] = await Promise.all(
      ['/prometheus/metrics/summary', '/api/metrics/summary'].map(async (path) => (await gateway.call(path)).json()),
    );
    expect(summary).toMatchObject({
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      metrics: {
        models: {
          requests_by_status: { success: completed, error: FAILED },
          top: [{ model: MODEL.model, requests: completed + FAILED }],
        },
        providers: [{ provider: 'sandbox', requests: completed + FAILED, error_rate: FAILED / (completed + FAILED) }],
        database: { state: 'up', journal_backlog_bytes: 0 },
        business: { limited_requests: { requests: 1 } },
      },
    });
    expect(Object.keys((again as { metrics: object }).metrics)).toEqual([
      'http',
      'models',
      'providers',
      'database',
      'business',
    ]);
  });
});
