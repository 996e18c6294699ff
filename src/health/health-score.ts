/** Milliseconds: up to the target latency is perfect, from the limit on it counts nothing. */
export interface LatencyGoal {
  readonly targetMs: number;
  readonly limitMs: number;
}

export interface ScoredFacts {
  readonly isAvailable: boolean;
  /** 0 to 1. */
  readonly errorRate: number;
  /** Undefined when nothing was answered: then nothing was quick. */
  readonly latencyP95Ms: number | undefined;
}

/** From 0 to 1; the weights are a contract with dashboards. */
export function healthScore({ isAvailable, errorRate, latencyP95Ms }: ScoredFacts, goal: LatencyGoal): number {
  const latencyScore = latencyP95Ms === undefined ? 0 : scoreOf(latencyP95Ms, goal);
  return 0.4 * (isAvailable ? 1 : 0) + 0.3 * (1 - errorRate) + 0.3 * latencyScore;
}

function scoreOf(latencyMs: number, { targetMs, limitMs }: LatencyGoal): number {
  return Math.min(Math.max(1 - (latencyMs - targetMs) / (limitMs - targetMs), 0), 1);
}
