import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';

@Injectable()
export class ChatHistoryMetrics {
  private readonly exchanges;

  constructor(registry: MetricsRegistry) {
    this.exchanges = registry.counter({
      group: 'business',
      name: 'gatewayz_chat_history_total',
      help: 'Chats that were to be kept: kept, dropped because they were too large or too many waited, or refused by the database.',
      labels: ['result'],
    });
  }

  count(result: 'kept' | 'dropped' | 'refused', exchanges = 1): void {
    this.exchanges.cell({ result }).add(exchanges);
  }
}
