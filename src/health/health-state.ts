import { addUp, bucketsOf, quantileOf, type Tally } from '../providers/traffic/tally.js';
import type { Probe } from './health-report.js';
import { healthScore, type LatencyGoal } from './health-score.js';

export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy' | 'unknown' | 'maintenance';

/** How a provider, or a model at a provider, is. Undefined is unknown, and unknown is not unhealthy. */
export interface HealthState {
  readonly status: HealthStatus;
  readonly isAvailable: boolean | undefined;
  /** 0 to 1. */
  readonly errorRate: number | undefined;
  readonly latencyP50Ms: number | undefined;
  readonly latencyP95Ms: number | undefined;
  /** 0 to 1. */
  readonly score: number | undefined;
  /** Of the last 24 hours, the share of attempts that was answered. */
  readonly uptime: number | undefined;
  /** Attempts of the last minutes. */
  readonly attempts: number;
  readonly faults: number;
  /** Probes count, too, where there was hardly any traffic; the gateway remembers what it was when it has just begun. */
  readonly source: 'traffic' | 'probes' | 'memory';
}

/** What is known of it. */
export interface HealthFacts {
  readonly tallies: readonly Tally[];
  /** The oldest first. */
  readonly probes: readonly Probe[];
  readonly isInMaintenance: boolean;
  /** What was found before, for as long as nothing newer is known. */
  readonly remembered: Measured | undefined;
}

/** Fewer attempts than that say nothing. */
const LEAST_ATTEMPTS = 5;
/** One lost probe may be the network's fault. */
const LEAST_PROBES = 2;
const AVAILABLE_UP_TO = 0.5;
const HEALTHY_UP_TO = 0.1;
const UNHEALTHY_BELOW = 0.5;
const DEGRADED_BELOW = 0.8;

export function judgeHealth(facts: HealthFacts, goal: LatencyGoal): HealthState {
  const traffic = addUp(facts.tallies);
  const found = judgeAttempts(traffic, facts, goal);
  return {
    ...found,
    status: facts.isInMaintenance ? 'maintenance' : statusOf(found),
    uptime: traffic.dayAttempts < LEAST_ATTEMPTS ? undefined : traffic.dayAnswered / traffic.dayAttempts,
    attempts: traffic.attempts,
    faults: traffic.attempts - traffic.answered,
  };
}

type Found = Measured & Pick<HealthState, 'source'>;

function judgeAttempts(traffic: Tally, { probes, remembered }: HealthFacts, goal: LatencyGoal): Found {
  if (isEnough(traffic)) return { ...measure(traffic, goal), source: 'traffic' };
  if (probes.length >= LEAST_PROBES) return { ...measure(addUp([traffic, tallyOf(probes)]), goal), source: 'probes' };
  if (remembered) return { ...remembered, source: 'memory' };
  return { ...UNKNOWN, source: probes.length > 0 ? 'probes' : 'traffic' };
}

/** Whether traffic alone tells how it is, so that nobody needs to be asked. */
export function isEnough({ attempts }: Pick<HealthState, 'attempts'>): boolean {
  return attempts >= LEAST_ATTEMPTS;
}

export type Measured = Pick<HealthState, 'isAvailable' | 'errorRate' | 'latencyP50Ms' | 'latencyP95Ms' | 'score'>;

const UNKNOWN: Measured = {
  isAvailable: undefined,
  errorRate: undefined,
  latencyP50Ms: undefined,
  latencyP95Ms: undefined,
  score: undefined,
};

/** Whether it answers at least every other attempt. */
export function isAvailable(errorRate: number): boolean {
  return errorRate <= AVAILABLE_UP_TO;
}

function measure(tally: Tally, goal: LatencyGoal): Measured {
  const errorRate = (tally.attempts - tally.answered) / tally.attempts;
  const latencyP95Ms = quantileOf(tally, 0.95, 1);
  const score = healthScore({ isAvailable: isAvailable(errorRate), errorRate, latencyP95Ms }, goal);
  return {
    isAvailable: isAvailable(errorRate),
    errorRate,
    latencyP50Ms: quantileOf(tally, 0.5, 1),
    latencyP95Ms,
    score,
  };
}

function statusOf({ isAvailable: answers, errorRate = 0, score = 1 }: Measured): HealthStatus {
  if (answers === undefined) return 'unknown';
  if (!answers || score < UNHEALTHY_BELOW) return 'unhealthy';
  return errorRate > HEALTHY_UP_TO || score < DEGRADED_BELOW ? 'degraded' : 'healthy';
}

/** Only the last probes count: what failed five minutes ago and answers now is well. */
function tallyOf(probes: readonly Probe[]): Tally {
  const last = probes.slice(-LEAST_PROBES);
  const answered = last.filter(({ isOk }) => isOk);
  const latencies = bucketsOf(answered.map(({ latencyMs }) => latencyMs));
  return { attempts: last.length, answered: answered.length, latencies, dayAttempts: 0, dayAnswered: 0 };
}
