/** What happened to the requests of one pass. */
export class Tally {
  latencies = [];
  firstBytes = [];
  errors = {};
  /** Requests that ended within the time of the pass. */
  completed = 0;

  add(outcome, isInTime) {
    if (outcome.error) {
      const { count = 0, detail = outcome.detail } = this.errors[outcome.error] ?? {};
      this.errors[outcome.error] = { count: count + 1, detail };
      return;
    }
    if (isInTime) this.completed += 1;
    this.latencies.push(outcome.latency);
    this.firstBytes.push(outcome.firstByte);
  }

  summarise(seconds) {
    const latencies = Float64Array.from(this.latencies).sort();
    const firstBytes = Float64Array.from(this.firstBytes).sort();
    return {
      requests: latencies.length,
      perSecond: this.completed / seconds,
      p50: percentile(latencies, 50),
      p99: percentile(latencies, 99),
      firstByteP50: percentile(firstBytes, 50),
      firstByteP99: percentile(firstBytes, 99),
      errors: this.errors,
    };
  }
}

/** By nearest rank, of sorted values; NaN of none. */
export function percentile(sorted, rank) {
  return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)] ?? Number.NaN;
}
