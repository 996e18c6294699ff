import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuTimes, goOn, killAll, peakMemory, rest, separatesCores, stopAll, untilQuiet } from './processes.mjs';
import { countErrors, mergeErrors, summarise, table } from './report.mjs';
import { SCENARIOS } from './scenarios.mjs';
import { TARGETS, install, startLoad, startProvider } from './targets.mjs';

/**
 * A target is warm after so many calls, not after so many seconds: V8 goes on compiling and optimising, and who has more
 * code, or less of a core, would be measured in its youth.
 */
const WARM_UP_PASS_SECONDS = 2;
const RESULTS = join(import.meta.dirname, 'results');

function settings() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      connections: { type: 'string', default: '16' },
      only: { type: 'string' },
      scenarios: { type: 'string' },
    },
  });
  const { quick } = values;
  const known = Object.keys(TARGETS);
  const targets = values.only?.split(',') ?? known.filter((target) => !quick || target !== 'portkey');
  const scenarios = values.scenarios?.split(',') ?? Object.keys(SCENARIOS);
  const unknown = [...targets.filter((name) => !TARGETS[name]), ...scenarios.filter((name) => !SCENARIOS[name])];
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}. Targets are ${known.join(', ')}.`);
  return {
    seconds: Number(values.seconds ?? (quick ? 1 : 4)),
    rounds: Number(values.rounds ?? (quick ? 2 : 5)),
    isWarmedUp: !quick,
    connections: Number(values.connections),
    // The yardstick comes first in each turn.
    targets: known.filter((target) => targets.includes(target)),
    scenarios,
  };
}

/** One target under one kind of load: first at full speed, then at a low fixed rate. */
async function measure(load, target, { scenario, seconds, connections }) {
  const { pid, ...address } = target;
  const order = { ...address, scenario, connections };
  const before = cpuTimes(pid);
  const full = await load({ ...order, seconds });
  // What a target puts off until later is its own work, and must not weigh on the next one.
  await untilQuiet(pid);
  const after = cpuTimes(pid);
  const slow = await load({ ...order, seconds: Math.max(1, seconds / 2), rate: SCENARIOS[scenario].rate });
  return {
    ...full,
    cpuPerRequest: (after.own - before.own) / full.requests,
    childCpuPerRequest: (after.children - before.children) / full.requests,
    rateP50: slow.p50,
    rateP99: slow.p99,
    errors: mergeErrors([full, slow]),
  };
}

/**
 * Only who is measured runs. Whatever a target does every few seconds was due while it rested, and all of it comes when it
 * goes on: that is done before it is measured, because it comes of the rest and not of the load.
 */
async function alone({ pid }, task) {
  goOn(pid);
  try {
    await untilQuiet(pid);
    return await task();
  } finally {
    rest(pid);
  }
}

/** Runs until the target has answered as many calls as it takes to be as fast as it stays; in a quick run just once. */
async function warmUp(load, target, { scenario, connections, isWarmedUp }) {
  const { pid, ...address } = target;
  let left = isWarmedUp ? SCENARIOS[scenario].warmUpCalls : 1;
  while (left > 0) {
    const { requests } = await load({
      ...address,
      scenario,
      connections,
      seconds: isWarmedUp ? WARM_UP_PASS_SECONDS : 1,
    });
    if (requests === 0) return;
    left -= requests;
  }
  await untilQuiet(pid);
}

async function measureAll(load, targets, options) {
  for (const { pid } of Object.values(targets)) rest(pid);
  const rounds = {};
  for (const scenario of options.scenarios) {
    rounds[scenario] = Object.fromEntries(Object.keys(targets).map((name) => [name, []]));
    for (const target of Object.values(targets)) {
      await alone(target, () => warmUp(load, target, { ...options, scenario }));
    }
    for (let round = 1; round <= options.rounds; round++) {
      for (const [name, target] of Object.entries(targets)) {
        const result = await alone(target, () => measure(load, target, { ...options, scenario }));
        rounds[scenario][name].push(result);
        progress(`${scenario}, round ${round} of ${options.rounds}: ${name} ${result.perSecond.toFixed(0)} requests/s`);
      }
    }
  }
  return rounds;
}

function progress(line) {
  process.stderr.write(`${line}\n`);
}

async function main() {
  const options = settings();
  install();
  const directory = mkdtempSync(join(tmpdir(), 'gatewayz-bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  if (!separatesCores) progress('There is one core or no taskset: load and target share cores, so read ratios only.');
  const providerUrl = await startProvider();
  const targets = {};
  for (const name of options.targets) targets[name] = await TARGETS[name]({ providerUrl, directory });
  const rounds = await measureAll(startLoad(), targets, options);
  const memory = Object.fromEntries(Object.entries(targets).map(([name, { pid }]) => [name, peakMemory(pid)]));
  const report = { machine: machine(), options, summary: summarise(rounds), memory, rounds };
  if (!existsSync(RESULTS)) mkdirSync(RESULTS);
  writeFileSync(join(RESULTS, 'latest.json'), JSON.stringify(report, undefined, 2));
  process.stdout.write(`${table(report)}\n`);
  const rows = Object.values(report.summary).flatMap((byTarget) => Object.values(byTarget));
  return rows.some((row) => countErrors(row) > 0) ? 1 : 0;
}

function machine() {
  return {
    node: process.version,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    separatesCores,
    at: new Date().toISOString(),
  };
}

process.once('exit', killAll);
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    isInterrupted = true;
    void stopAll().then(() => process.exit(130));
  });
}
try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = 1;
  // Whatever fails now fails because its process was ended.
  if (!isInterrupted) process.stderr.write(`${error.stack}\n${error.cause ? `Because: ${error.cause.message}\n` : ''}`);
}
if (!isInterrupted) {
  await stopAll();
  process.exit();
}
