import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';

@Injectable()
export class IdempotencyMetrics {
  private readonly requests;
  private readonly replies;

  constructor(registry: MetricsRegistry) {
    this.requests = registry.counter({
      group: 'business',
      name: 'gatewayz_idempotent_requests_total',
      help: 'Requests with an Idempotency-Key: the call was made, joined or replayed, or the request refused.',
      labels: ['outcome'],
    });
    this.replies = registry.counter({
      group: 'business',
      name: 'gatewayz_idempotent_replies_total',
      help: 'Replies to calls with an Idempotency-Key by whether a retry gets them again: kept, not final, too large, or the store was away.',
      labels: ['result'],
    });
  }

  answered(outcome: 'made' | 'joined' | 'replayed' | 'conflict' | 'in_progress'): void {
    this.requests.cell({ outcome }).add();
  }

  concluded(result: 'kept' | 'not_final' | 'too_large' | 'store_away'): void {
    this.replies.cell({ result }).add();
  }
}
