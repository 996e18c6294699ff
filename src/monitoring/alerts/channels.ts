import { createHmac } from 'node:crypto';
import type { Env } from '../../config/env.js';
import type { DueAlertRow } from '../../platform/database/database-rows.js';

/** A way to tell somebody. */
export interface Channel {
  readonly name: string;
  readonly url: string;
  /** What is sent, in the form that is expected there. */
  readonly message: (alert: DueAlertRow) => object;
  readonly headers?: (body: string) => Readonly<Record<string, string>>;
}

export function configuredChannels(env: Env): Channel[] {
  return [webhook(env), slack(env), pagerDuty(env)].flatMap((channel) => channel ?? []);
}

function webhook({ ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret }: Env): Channel | undefined {
  if (url === undefined) return undefined;
  return {
    name: 'webhook',
    url,
    message: (alert) => ({
      event: `anomaly.${alert.event}`,
      id: alert.anomaly_id,
      type: alert.type,
      severity: alert.severity,
      series: alert.series,
      measure: alert.measure,
      explanation: alert.explanation,
      started_at: alert.started_at,
      ended_at: alert.ended_at,
    }),
    ...(secret !== undefined && {
      headers: (body: string) => ({
        'x-gatewayz-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      }),
    }),
  };
}

function slack({ ALERT_SLACK_URL: url }: Env): Channel | undefined {
  if (url === undefined) return undefined;
  return {
    name: 'slack',
    url,
    message: ({ event, severity, explanation }) => ({
      text:
        event === 'begin' ? `:rotating_light: *${severity}* ${explanation}` : `:white_check_mark: Over: ${explanation}`,
    }),
  };
}

/** PagerDuty's words for severities. */
const PAGER_SEVERITIES: Readonly<Record<string, string>> = { low: 'info', medium: 'warning', high: 'error' };

/** Events API v2. */
function pagerDuty({ ALERT_PAGERDUTY_KEY: key, ALERT_PAGERDUTY_URL: url }: Env): Channel | undefined {
  if (key === undefined) return undefined;
  return {
    name: 'pagerduty',
    url,
    message: (alert) => ({
      routing_key: key,
      event_action: alert.event === 'begin' ? 'trigger' : 'resolve',
      dedup_key: alert.anomaly_id,
      payload: {
        summary: alert.explanation,
        source: 'gatewayz',
        severity: PAGER_SEVERITIES[alert.severity] ?? 'critical',
        timestamp: alert.started_at,
        component: alert.series,
        class: alert.type,
      },
    }),
  };
}
