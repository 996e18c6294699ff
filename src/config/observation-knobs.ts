import { milliseconds, modelsOfProviders, oneOf, optionalText, optionalUrl, text, wholeNumber } from './knob.js';

/** What operators see, and how much of it is kept. */
export const OBSERVATION_KNOBS = {
  ANALYTICS_CALL_EVENTS: oneOf(['on', 'off'], {
    fallback: 'on',
    why: 'Keep two events of every call in analytics_events for 30 days: how it went, and what it cost. GET /api/analytics/usage needs none of them.',
  }),
  ANALYTICS_EVENTS_PER_MINUTE: wholeNumber({
    fallback: 60_000,
    min: 10_000,
    max: 10_000_000,
    why: 'Events that one user may send to POST /api/analytics/events, on each gateway.',
  }),

  HEALTH_INTERVAL_MS: milliseconds({
    fallback: 30_000,
    min: 1_000,
    why: 'How often the health of providers is found out; those without traffic are then asked for their list of models.',
  }),
  HEALTH_PROBE_MODELS: modelsOfProviders(
    'Models that write one token instead, which costs next to nothing and proves more.',
  ),
  HEALTH_LATENCY_TARGET_MS: milliseconds({
    fallback: 2_000,
    min: 1,
    why: 'When 95 of 100 first tokens come within that, the latency of a provider is perfect.',
  }),
  HEALTH_LATENCY_LIMIT_MS: milliseconds({
    fallback: 10_000,
    min: 1,
    why: 'From there on it counts nothing in the health score.',
  }),
  METRICS_TOKEN: optionalText({ minLength: 8, why: 'When set, the pages of metrics want it as a bearer token.' }),
  METRICS_MAX_SERIES: wholeNumber({
    fallback: 2_000,
    min: 10,
    max: 1_000_000,
    why: 'Series of one metric; what would be more is counted together, with "other" for its provider, model or path.',
  }),

  ALERT_WEBHOOK_URL: optionalUrl(['http:', 'https:'], 'Where anomalies are told as JSON, with one POST each.'),
  ALERT_WEBHOOK_SECRET: optionalText({
    minLength: 8,
    why: 'Signs these: `x-gatewayz-signature: sha256=` and the HMAC-SHA-256 of the body in hexadecimal digits.',
  }),
  ALERT_SLACK_URL: optionalUrl(['http:', 'https:'], 'An incoming webhook of Slack.'),
  ALERT_PAGERDUTY_KEY: optionalText({ why: 'The integration key of a service of PagerDuty (Events API v2).' }),
  ALERT_PAGERDUTY_URL: text({
    fallback: 'https://events.pagerduty.com/v2/enqueue',
    why: 'Where PagerDuty is, for those behind a proxy.',
  }),
  ALERT_SEVERITY: oneOf(['low', 'medium', 'high', 'critical'], {
    fallback: 'medium',
    why: 'Less severe anomalies are kept and counted, but told nobody.',
  }),
  ALERT_COOLDOWN_MS: milliseconds({
    fallback: 1_800_000,
    why: 'After an alert, nobody is told of the same again for so long.',
  }),
} as const;
