import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { readStream } from '../support/event-stream.js';
import { childrenOf, eventually, runMain, startGateway, type Gateway } from '../support/gateway.js';
import { freePort } from '../support/postgres.js';
import { queryStopped, transactionsOf } from '../support/stopped-database.js';

const GOOD = { model: 'sandbox/echo-1', messages: [{ role: 'user', content: 'Hello' }] };

describe('starting, stopping and dying', () => {
  let sandbox: Sandbox;
  let gateway: Gateway;
  // Usage stays in the journal, so that a crash finds it there.
  const env = () => ({ SANDBOX_BASE_URL: sandbox.url, SETTLEMENT_INTERVAL_MS: '86000000' });

  beforeAll(async () => {
    sandbox = await startSandbox();
    gateway = await startGateway({ env: env() });
  });

  afterAll(async () => {
    await gateway.stop();
    await sandbox.close();
  });

  const healthOf = async () => (await (await gateway.call('/health')).json()) as { status: string; database: string };

  it('loses no usage when it is killed, and its database ends with it', async () => {
    const child = childrenOf(gateway.pid)[0] ?? 0;
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const response = await gateway.chat(GOOD);
        await response.json();
        return response.headers.get('x-request-id') ?? '';
      }),
    );
    await gateway.kill();
    await eventually(() => {
      expect(isAlive(child)).toBe(false);
    });

    gateway = await startGateway({
      env: { SANDBOX_BASE_URL: sandbox.url, SETTLEMENT_INTERVAL_MS: '50' },
      after: gateway,
    });
    await eventually(async () => {
      expect(await (await gateway.call('/metrics')).text()).toMatch(/gatewayz_journal_backlog 0\n/);
    });
    await gateway.stop();
    const rows = transactionsOf(gateway.dataDirectory);
    expect([...rows.keys()].sort()).toEqual([...ids].sort());
    gateway = await startGateway({ env: env(), after: gateway });
  });

  it('goes on serving known keys while its database is away, and gets it back', async () => {
    expect((await gateway.chat(GOOD)).status).toBe(200);
    gateway.killDatabase();
    await eventually(async () => {
      expect(await healthOf()).toMatchObject({ status: 'degraded', database: 'down' });
    });
    expect((await gateway.chat(GOOD)).status).toBe(200);
    expect((await gateway.call('/health/ready')).status).toBe(503);
    await eventually(async () => {
      expect(await healthOf()).toMatchObject({ status: 'healthy', database: 'up' });
    });
    expect((await gateway.call('/health/ready')).status).toBe(200);
  });

  it('finishes the streams under way when it is told to stop, and settles them', async () => {
    const response = await gateway.chat({ ...GOOD, stream: true, sandbox: { chunks: 20, pace_ms: 50 } });
    const reading = readStream(response);
    const code = await gateway.stop();
    const { events, text } = await reading;
    expect(code).toBe(0);
    expect(text).toMatch(/You said: Hello$/);
    expect(events.at(-1)).toBe('[DONE]');
    expect(transactionsOf(gateway.dataDirectory).get(response.headers.get('x-request-id') ?? '')?.status).toBe(
      'completed',
    );
    gateway = await startGateway({ env: env(), after: gateway });
  });

  it('keeps only a hash of the key, and prints it once', async () => {
    await gateway.stop();
    expect(gateway.logs()).not.toContain('gw_live_');
    const keys = queryStopped<{ key_hash: string; last4: string }>(
      gateway.dataDirectory,
      'select key_hash, last4 from api_keys',
    );
    expect(keys).toEqual([
      { key_hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string, last4: gateway.key.slice(-4) },
    ]);
    const versions = queryStopped(gateway.dataDirectory, 'select version from supabase_migrations.schema_migrations');
    expect(versions).toHaveLength(readdirSync('supabase/migrations').length);
    gateway = await startGateway({ env: env(), after: gateway });
  });

  it('refuses a data directory that is in use, and says so', async () => {
    const { process: second, output } = runMain({ PORT: '0', GATEWAYZ_DATA_DIR: gateway.dataDirectory });
    expect(await exitOf(second)).toBe(1);
    expect(output()).toContain(gateway.dataDirectory);
    expect(output()).not.toContain(' at ');
  });

  it('has its memory decided about before it runs, in one process', () => {
    const own = (file: string) => readFileSync(`/proc/${gateway.pid}/${file}`, 'utf8');
    expect(own('cmdline')).toContain('--heap-growing-percent=');
    expect(own('cmdline')).toContain(join('dist', 'gateway', 'main.js'));
    expect(own('environ')).toContain('MALLOC_ARENA_MAX=2');
    const idle = /VmRSS:\s+(\d+) kB/.exec(own('status'))?.[1];
    expect(Number(idle)).toBeLessThan(200_000);
  });

  it('answers /health again and again while it is still loading', async () => {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'gatewayz-loading-'));
    const { process: child, output } = runMain({ PORT: String(port), GATEWAYZ_DATA_DIR: folder });
    let answers = 0;
    while (!output().includes('GatewayZ listens')) {
      const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
      if (!response) continue;
      expect(await response.json()).toMatchObject({ database: 'starting' });
      answers += 1;
    }
    child.kill('SIGKILL');
    expect(answers).toBeGreaterThanOrEqual(3);
  });

  it('names a variable that is wrong, and never shows its value', async () => {
    const { process: child, output } = runMain({
      PORT: 'eighty',
      SUPABASE_URL: 'ftp://secret-host',
      METRICS_TOKEN: 'short',
    });
    expect(await exitOf(child)).toBe(1);
    expect(output()).toMatch(/PORT must be a whole number from 0 to 65535/);
    expect(output()).toMatch(/SUPABASE_URL must be a URL that starts with/);
    expect(output()).toMatch(/METRICS_TOKEN must be text of at least 8 characters/);
    for (const value of ['eighty', 'secret-host', 'short']) expect(output()).not.toContain(value);
  });

  it('names a variable of a provider that is wrong, before anything has begun', async () => {
    const { process: child, output } = runMain({ PORT: '0', GROQ_IDLE_TIMEOUT_MS: 'soon', XAI_BASE_URL: 'my-host' });
    expect(await exitOf(child)).toBe(1);
    expect(output()).toBe(
      [
        'GatewayZ cannot start.',
        'XAI_BASE_URL must be a URL that starts with http:// or https://.',
        'GROQ_IDLE_TIMEOUT_MS must be a whole number from 1 to 86400000.',
        '',
      ].join('\n'),
    );
  });
});

describe('what is measured', () => {
  it('feeds every metric that this path can feed', async () => {
    const sandbox = await startSandbox();
    const gateway = await startGateway({ env: { SANDBOX_BASE_URL: sandbox.url, METRICS_TOKEN: 'scrape-me-please' } });
    await (await gateway.chat(GOOD)).text();
    await (await gateway.chat({ ...GOOD, stream: true })).text();
    await (await gateway.chat({ ...GOOD, sandbox: { fault: 'status' } })).text();
    expect((await fetch(`${gateway.url}/metrics`)).status).toBe(401);
    const page = await (
      await fetch(`${gateway.url}/metrics`, { headers: { authorization: 'Bearer scrape-me-please' } })
    ).text();
    await gateway.stop();
    await sandbox.close();
    const fed = new Set(
      page.split('\n').map((line) => line.match(/^(\w+?)(?:_bucket|_sum|_count)?(?:\{.*\})? (?!0$)/)?.[1]),
    );
    for (const name of FED) expect(fed).toContain(name);
    expect(page).toContain(
      'model_inference_requests_total{provider="sandbox",model="sandbox/echo-1",status="success"} 2',
    );
    expect(page).toContain('http_requests_total{method="POST",endpoint="/v1/chat/completions",status_code="502"} 1');
    expect(page).toMatch(/tokens_used_total\{provider="sandbox",model="sandbox\/echo-1",token_type="input"\} 10\n/);
  });
});

const FED = [
  ...['fastapi_app_info', 'fastapi_requests_total', 'fastapi_requests_duration_seconds', 'fastapi_exceptions_total'],
  ...['fastapi_requests_in_progress', 'fastapi_request_size_bytes', 'fastapi_response_size_bytes'],
  ...['http_requests_total', 'http_request_duration_seconds', 'gatewayz_backend_info', 'process_resident_memory_bytes'],
  ...['model_inference_requests_total', 'model_inference_duration_seconds', 'tokens_used_total', 'credits_used_total'],
  ...['time_to_first_chunk_seconds', 'gatewayz_token_efficiency', 'backend_ttfb_seconds', 'streaming_duration_seconds'],
  ...['frontend_processing_seconds', 'request_stage_duration_seconds', 'provider_response_time_seconds'],
  ...['database_queries_total', 'database_query_duration_seconds', 'cache_hits_total', 'cache_misses_total'],
  ...['gatewayz_cost_by_provider_total', 'gatewayz_credit_settlements_total', 'gatewayz_token_count_source_total'],
];

/** The embedded database's process. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function exitOf(child: ReturnType<typeof runMain>['process']): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}
