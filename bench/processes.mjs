import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP_GRACE_MS = 5_000;
/** Quiet is who uses less than this share of a core for so long. */
const QUIET_SHARE = 0.1;
const QUIET_MS = 1_500;
const QUIET_DEADLINE_MS = 120_000;
const TICKS_PER_SECOND = 100;
const MICROSECONDS_PER_TICK = 1e6 / TICKS_PER_SECOND;

/** Whether what is measured and what measures it can be kept on different cores. */
export const separatesCores = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

const started = [];

/** Starts `node` with these arguments on one core; it is stopped by `stopAll` at the latest. */
export function startNode(core, args, { env = {}, stdio = ['ignore', 'ignore', 'inherit'] } = {}) {
  const command = [process.execPath, ...args];
  const [program, ...rest] = separatesCores ? ['taskset', '-c', String(core), ...command] : command;
  // Nothing of the caller's environment comes along: a provider's real key would change what is measured.
  const child = spawn(program, rest, { stdio, env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } });
  started.push(child);
  return child;
}

/** Asks every process that was started to end, by its pid, and insists after a while, also with what they started. */
export async function stopAll() {
  const running = started.filter(isRunning);
  const families = running.flatMap((child) => descendantsOf(child.pid, allProcesses()));
  const exits = running.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of running) {
    goOn(child.pid);
    child.kill('SIGTERM');
  }
  await Promise.race([Promise.all(exits), sleep(STOP_GRACE_MS)]);
  killAll();
  const left = allProcesses();
  for (const { pid, startedAt } of families) {
    if (left.some((one) => one.pid === pid && one.startedAt === startedAt)) process.kill(pid, 'SIGKILL');
  }
}

/** The same without asking, for the moment in which this process ends. */
export function killAll() {
  for (const child of started.filter(isRunning)) {
    // A database that rests would not notice that its gateway is gone.
    goOn(child.pid);
    child.kill('SIGKILL');
  }
}

function isRunning(child) {
  return child.exitCode === null && child.signalCode === null;
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until the address answers 200. */
export async function untilReady(child, url, timeoutMs = 60_000) {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(100)) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode} before ${url} answered.`);
    const reply = await fetch(url).catch(() => undefined);
    await reply?.arrayBuffer();
    if (reply?.status === 200) return;
  }
  throw new Error(`${url} did not answer 200 within ${timeoutMs} ms.`);
}

/** CPU time in µs that a process has used so far, and apart from it its children and theirs. */
export function cpuTimes(pid) {
  const all = allProcesses();
  const own = all.find((one) => one.pid === pid)?.cpu ?? 0;
  return { own, children: descendantsOf(pid, all).reduce((sum, { cpu }) => sum + cpu, 0) };
}

/** Stops a process and its children where they are: what they do by themselves must not weigh on who is measured. */
export function rest(pid) {
  signal(pid, 'SIGSTOP');
}

/** Lets them go on. */
export function goOn(pid) {
  signal(pid, 'SIGCONT');
}

function signal(pid, name) {
  for (const one of [pid, ...descendantsOf(pid, allProcesses()).map((child) => child.pid)]) {
    try {
      process.kill(one, name);
    } catch (error) {
      // A child may have just ended.
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

/** Waits until a process and its children use next to no processor any more, or for as long as anybody would. */
export async function untilQuiet(pid) {
  for (const end = Date.now() + QUIET_DEADLINE_MS; Date.now() < end;) {
    const before = totalOf(cpuTimes(pid));
    await sleep(QUIET_MS);
    if (totalOf(cpuTimes(pid)) - before < QUIET_MS * 1000 * QUIET_SHARE) return;
  }
}

function totalOf({ own, children }) {
  return own + children;
}

function descendantsOf(pid, all) {
  return all.filter(({ ppid }) => ppid === pid).flatMap((one) => [one, ...descendantsOf(one.pid, all)]);
}

/** The most memory that a process and its children have ever held, in MB. */
export function peakMemory(pid) {
  const children = descendantsOf(pid, allProcesses());
  return { own: peakOf(pid), children: children.reduce((sum, child) => sum + peakOf(child.pid), 0) };
}

function peakOf(pid) {
  const [, kilobytes = 0] = /VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`)) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

function allProcesses() {
  return directories('/proc').flatMap((pid) => {
    const stat = read(`/proc/${pid}/stat`);
    // The name stands in brackets and may contain anything, so fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (!stat) return [];
    const ticks = Number(fields[11]) + Number(fields[12]);
    return [{ pid: Number(pid), ppid: Number(fields[1]), startedAt: fields[19], cpu: ticks * MICROSECONDS_PER_TICK }];
  });
}

function directories(path) {
  try {
    return readdirSync(path).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
