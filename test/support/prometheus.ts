import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './gateway.js';
import { freePort } from './postgres.js';

const RULES = join(process.cwd(), 'deploy', 'prometheus', 'rules');

/** One series of an answer. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Alert {
  readonly name: string;
  readonly state: 'pending' | 'firing';
  readonly labels: Readonly<Record<string, string>>;
}

export interface Target {
  readonly health: string;
  readonly lastError: string;
  readonly lastScrapeDuration: number;
}

/** A throw-away Prometheus with our rules. */
export interface Prometheus {
  query(expression: string): Promise<Sample[]>;
  alerts(): Promise<Alert[]>;
  targets(): Promise<Target[]>;
  stop(): Promise<void>;
}

/** Whether this machine has Prometheus and its tool. In CI its absence is a failure. */
export function hasPrometheus(): boolean {
  if (['prometheus', 'promtool'].every((program) => spawnSync(program, ['--version']).status === 0)) return true;
  if (process.env['CI'] === 'true') throw new Error('Prometheus is missing: .ci/run installs it.');
  process.stderr.write('Prometheus is not installed: tests that need it are skipped.\n');
  return false;
}

/** What the tool says; empty when all is well. */
export function promtool(parameters: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync('promtool', parameters, { input, encoding: 'utf8' });
  return status === 0 ? '' : stdout + stderr;
}

/** Scrapes this gateway every second, by rules that look at seconds where ours look at minutes. */
export async function startPrometheus(target: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const port = await freePort();
  configure(folder, target);
  const server = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
      '--enable-feature=exemplar-storage',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ask = async <Data>(path: string): Promise<Data> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    return ((await response.json()) as { data: Data }).data;
  };
  await eventually(() => ask('status/buildinfo'), 30_000);
  return {
    query: async (expression) => {
      const { result } = await ask<{ result: { metric: Sample['metric']; value: [number, string] }[] }>(
        `query?query=${encodeURIComponent(expression)}`,
      );
      return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
    },
    alerts: async () => {
      const { alerts } = await ask<{ alerts: { labels: Alert['labels']; state: Alert['state'] }[] }>('alerts');
      return alerts.map(({ labels, state }) => ({ name: labels['alertname'] ?? '', state, labels }));
    },
    targets: async () => (await ask<{ activeTargets: Target[] }>('targets')).activeTargets,
    stop: async () => {
      await end(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configure(folder: string, target: string): void {
  cpSync(RULES, join(folder, 'rules'), { recursive: true });
  for (const name of readdirSync(join(folder, 'rules'))) {
    const file = join(folder, 'rules', name);
    // Thirty times as fast as in production: windows of 5 minutes are 10 seconds, waits of 2 minutes 4.
    const quick = readFileSync(file, 'utf8')
      .replaceAll('[5m]', '[10s]')
      .replaceAll(/for: (\d+)m/g, (_, minutes: string) => `for: ${Number(minutes) * 2}s`);
    writeFileSync(file, quick);
  }
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules/*.yml]
scrape_configs: [{ job_name: gatewayz, static_configs: [{ targets: ['${target}'] }] }]
`,
  );
}

function end(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    server.once('exit', () => {
      resolve();
    });
    server.kill('SIGTERM');
  });
}
