import { bars, curves, dashboard, figure, heat } from './panels.mjs';

const PROVIDER = { name: 'provider', metric: 'model_inference_requests_total' };
const MODEL = { name: 'model', metric: 'model_inference_requests_total' };
const CHOSEN = 'provider=~"$provider", model=~"$model"';
const OF_PROVIDER = 'provider=~"$provider"';
const p = (quantile, metric, by, where = '') =>
  `histogram_quantile(${quantile}, sum by (${[...by, 'le'].join(', ')}) (rate(${metric}_bucket{${where}}[$__rate_interval])))`;
const rate = (metric, by, where = '') => `sum by (${by}) (rate(${metric}{${where}}[$__rate_interval]))`;

export const DASHBOARDS = {
  overview: dashboard({
    uid: 'overview',
    title: 'Overview',
    description: 'Is everything well? If a figure is not green, the dashboard named after its subject says more.',
    panels: [
      figure('Gateways', 'How many gateways answer scrapes.', 'count(up{job="gatewayz"} == 1)'),
      figure('Requests', 'Requests a second, of all kinds.', 'sum(rate(http_requests_total[5m]))', { unit: 'reqps' }),
      figure(
        'Failed',
        'Part of the requests that ended with a status of 500 or more. Callers feel it.',
        'sum(rate(http_requests_total{status_code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) or vector(0)',
        { unit: 'percentunit', bounds: [0.01, 0.05] },
      ),
      figure(
        'First token',
        'How long 95 of 100 streams take at most until their first token.',
        p(0.95, 'time_to_first_chunk_seconds', []).replace('$__rate_interval', '5m'),
        { unit: 's', bounds: [3, 8] },
      ),
      figure(
        'Cost',
        'What providers charge us, in USD an hour.',
        'sum(rate(gatewayz_cost_by_provider_total[1h])) * 3600',
        {
          unit: 'currencyUSD',
        },
      ),
      figure(
        'Open breakers',
        'Models at providers that are cut off at the moment.',
        'count(max by (provider, model) (gatewayz_circuit_breaker_state{state="open"}) == 1) or vector(0)',
        { bounds: [1, 5] },
      ),
      curves(
        'Requests by status',
        'Everything that is asked of the gateway. 4xx are mistakes of callers, 5xx are not.',
        { '{{status_code}}': rate('http_requests_total', 'status_code') },
        { unit: 'reqps' },
      ),
      curves(
        'Attempts by provider',
        'Where calls of models go; one call may take several attempts.',
        { '{{provider}}': rate('model_inference_requests_total', 'provider') },
        { unit: 'reqps' },
      ),
      curves(
        'Duration of requests',
        'From the first byte of a request to the last of its reply. Streams last as long as models write.',
        {
          p50: p(0.5, 'http_request_duration_seconds', []),
          p95: p(0.95, 'http_request_duration_seconds', []),
          p99: p(0.99, 'http_request_duration_seconds', []),
        },
        { unit: 's' },
      ),
      curves('Tokens', 'Tokens a second by kind; cached and reasoning ones are also within input and output.', {
        '{{token_type}}': rate('tokens_used_total', 'token_type'),
      }),
    ],
  }),

  providers: dashboard({
    uid: 'providers',
    title: 'Providers',
    description: 'How providers fare, from real traffic and from probes. Unknown shows nothing.',
    variables: [PROVIDER],
    panels: [
      bars(
        'Health score',
        '0.4 availability, 0.3 success, 0.3 latency, from 0 to 1. Below 0.5 something is wrong.',
        `min by (provider) (gatewayz_provider_health_score{${OF_PROVIDER}})`,
        '{{provider}}',
        { unit: 'percentunit' },
      ),
      curves(
        'Availability',
        '1 while calls or probes are answered.',
        { '{{provider}}': `min by (provider) (provider_availability{${OF_PROVIDER}})` },
        { max: 1 },
      ),
      curves(
        'Error rate',
        'Part of the attempts that failed by the fault of the provider, as health checks see it.',
        { '{{provider}}': `max by (provider) (provider_error_rate{${OF_PROVIDER}})` },
        { unit: 'percentunit', max: 1 },
      ),
      curves(
        'Failed attempts',
        'As they happen. Callers do not notice those that another provider made good for.',
        { '{{provider}}': rate('model_inference_requests_total', 'provider', `status="error", ${OF_PROVIDER}`) },
        { unit: 'reqps' },
      ),
      curves(
        'Response time, p95',
        'From the request to a provider to the head of its reply.',
        { '{{provider}}': p(0.95, 'provider_response_time_seconds', ['provider'], OF_PROVIDER) },
        { unit: 's' },
      ),
      heat(
        'Response times',
        'How the same times are spread; two bands mean two kinds of calls, or two moods.',
        `sum by (le) (increase(provider_response_time_seconds_bucket{${OF_PROVIDER}}[$__rate_interval]))`,
      ),
      curves(
        'Circuit breakers that are not closed',
        'Open: nothing is sent. Half open: a few calls find out whether it works again.',
        {
          '{{provider}} {{model}} {{state}}': `max by (provider, model, state) (gatewayz_circuit_breaker_state{state!="closed", ${OF_PROVIDER}}) > 0`,
        },
        { max: 1 },
      ),
      curves('Breakers: changes and refusals', 'How often breakers change, and attempts that they spared a provider.', {
        '{{provider}} to {{to_state}}': rate(
          'circuit_breaker_state_transitions_total',
          'provider, to_state',
          OF_PROVIDER,
        ),
        '{{provider}} refused': rate('circuit_breaker_rejected_requests_total', 'provider', OF_PROVIDER),
      }),
      curves(
        'Failovers',
        'Calls that went on to another provider, and why.',
        {
          '{{from_provider}} to {{to_provider}}: {{reason}}': rate(
            'gatewayz_failovers_total',
            'from_provider, to_provider, reason',
            'from_provider=~"$provider"',
          ),
        },
        { unit: 'reqps' },
      ),
      curves('Breakers: what they count', 'Faults and successes, which decide whether a breaker opens.', {
        '{{provider}} faults': rate('circuit_breaker_failures_total', 'provider', OF_PROVIDER),
        '{{provider}} successes': rate('circuit_breaker_successes_total', 'provider', OF_PROVIDER),
      }),
    ],
  }),

  models: dashboard({
    uid: 'models',
    title: 'Models',
    description: 'How models are used, and how they answer, at each provider.',
    variables: [PROVIDER, MODEL],
    panels: [
      curves(
        'Calls',
        'Attempts by how they ended: success, cancelled by the client, error.',
        { '{{model}} {{status}}': rate('model_inference_requests_total', 'model, status', CHOSEN) },
        { unit: 'reqps' },
      ),
      curves(
        'Duration, p95',
        'From the request to a provider to the end of its reply.',
        { '{{model}} at {{provider}}': p(0.95, 'model_inference_duration_seconds', ['model', 'provider'], CHOSEN) },
        { unit: 's' },
      ),
      curves(
        'First token, p50 and p95',
        'What people wait for. Exemplars lead to single calls.',
        {
          'p50 {{model}} at {{provider}}': p(0.5, 'time_to_first_chunk_seconds', ['model', 'provider'], CHOSEN),
          'p95 {{model}} at {{provider}}': p(0.95, 'time_to_first_chunk_seconds', ['model', 'provider'], CHOSEN),
        },
        { unit: 's' },
      ),
      heat(
        'First tokens',
        'How these times are spread.',
        `sum by (le) (increase(time_to_first_chunk_seconds_bucket{${CHOSEN}}[$__rate_interval]))`,
      ),
      curves('Tokens', 'Tokens a second by kind.', {
        '{{model}} {{token_type}}': rate('tokens_used_total', 'model, token_type', CHOSEN),
      }),
      curves('Token efficiency', 'Output tokens for each input token since the gateways started.', {
        '{{model}}': 'avg by (model) (gatewayz_token_efficiency{model=~"$model"})',
      }),
      bars(
        'Uptime, 24 h',
        'Part of the last 24 hours in which the model answered at the provider.',
        `min by (provider, model) (gatewayz_model_uptime_24h{${CHOSEN}})`,
        '{{model}} at {{provider}}',
        { unit: 'percentunit' },
      ),
      bars(
        'Credits, 24 h',
        'What callers paid for the models that they paid most for, in USD.',
        `topk(15, sum by (model) (increase(credits_used_total{${CHOSEN}}[24h])))`,
        '{{model}}',
        { unit: 'currencyUSD' },
      ),
    ],
  }),

  business: dashboard({
    uid: 'business',
    title: 'Business',
    description: 'Money, keys and limits. The ledger in the database is the truth; these are its running figures.',
    panels: [
      figure('Credits, 24 h', 'What callers paid.', 'sum(increase(credits_used_total[24h]))', { unit: 'currencyUSD' }),
      figure('Cost, 24 h', 'What providers charge us.', 'sum(increase(gatewayz_cost_by_provider_total[24h]))', {
        unit: 'currencyUSD',
      }),
      figure('Keys', 'API keys that work.', 'sum(active_api_keys{status="active"})'),
      figure('Users', 'Accounts, however they pay.', 'sum(user_subscription_count)'),
      figure('Balances', 'Credits that prepaid users still hold.', 'sum(user_credit_balance{plan_type="prepaid"})', {
        unit: 'currencyUSD',
      }),
      figure(
        'Drift',
        'What the nightly reconciliation found the ledger to differ by. It must be zero.',
        'max(abs(gatewayz_credit_drift_dollars)) or vector(0)',
        { unit: 'currencyUSD', bounds: [0.000000001, 0.01] },
      ),
      curves(
        'Cost by provider',
        'USD an hour that providers charge.',
        { '{{provider}}': 'sum by (provider) (rate(gatewayz_cost_by_provider_total[1h])) * 3600' },
        { unit: 'currencyUSD' },
      ),
      curves(
        'Credits by model',
        'USD an hour that callers pay, for the ten dearest models.',
        { '{{model}}': 'topk(10, sum by (model) (rate(credits_used_total[1h]))) * 3600' },
        { unit: 'currencyUSD' },
      ),
      curves('Refused for a limit', 'Requests, tokens, concurrency, budget or credits ran out.', {
        '{{limit_type}}': rate('rate_limited_requests_total', 'limit_type'),
      }),
      curves('Where token figures come from', 'Counted ones are our own estimate; many of them deserve a look.', {
        '{{source}}': rate('gatewayz_token_count_source_total', 'source'),
      }),
      curves('Settlement', 'Usage records: journalled with each call, settled in the database soon after.', {
        '{{status}}': rate('gatewayz_credit_settlements_total', 'status'),
      }),
      curves(
        'Settlement: delay and backlog',
        'From the end of a call to its record in the database, and bytes that still wait for it.',
        {
          'p95 delay': p(0.95, 'gatewayz_credit_settlement_latency_seconds', []),
          'backlog of {{instance}}, MB': 'gatewayz_journal_backlog / 1e6',
        },
      ),
    ],
  }),

  performance: dashboard({
    uid: 'performance',
    title: 'Performance',
    description: 'Where the time of a call goes, and what the gateways themselves need.',
    panels: [
      curves(
        'What the gateway adds',
        'From the request to the gateway to the request to a provider.',
        {
          p50: p(0.5, 'frontend_processing_seconds', []),
          p99: p(0.99, 'frontend_processing_seconds', []),
        },
        { unit: 's' },
      ),
      curves(
        'Stages of a call, p95',
        'In order: who is it, what is wanted, where to send it, waiting for the provider, streaming.',
        { '{{stage}}': p(0.95, 'request_stage_duration_seconds', ['stage']) },
        { unit: 's' },
      ),
      curves(
        'Time to first byte of providers, p95',
        'From the request to a provider to the head of its reply.',
        { '{{provider}}': p(0.95, 'backend_ttfb_seconds', ['provider']) },
        { unit: 's' },
      ),
      curves(
        'Streams, p95',
        'From the first token to the end.',
        { '{{model}}': p(0.95, 'streaming_duration_seconds', ['model']) },
        { unit: 's' },
      ),
      curves('Requests under way', 'By route; a number that only grows is a leak.', {
        '{{path}}': 'sum by (path) (fastapi_requests_in_progress) > 0',
      }),
      curves(
        'Event loop lag',
        'The 99th percentile between two scrapes. Above 0.1 s everything waits.',
        { '{{instance}}': 'gatewayz_event_loop_lag_seconds' },
        { unit: 's' },
      ),
      curves(
        'Memory',
        'Of the gateway processes, without embedded databases.',
        { '{{instance}}': 'process_resident_memory_bytes' },
        {
          unit: 'bytes',
        },
      ),
      curves('CPU', 'Cores in use.', { '{{instance}}': 'rate(process_cpu_seconds_total[$__rate_interval])' }),
      curves(
        'Caches',
        'Part of the look-ups that a cache answered.',
        {
          '{{cache_name}}':
            'sum by (cache_name) (rate(cache_hits_total[$__rate_interval])) / (sum by (cache_name) (rate(cache_hits_total[$__rate_interval])) + sum by (cache_name) (rate(cache_misses_total[$__rate_interval])))',
        },
        { unit: 'percentunit', max: 1 },
      ),
      curves(
        'Size of caches',
        'Bytes, as far as they can be known.',
        { '{{cache_name}}': 'sum by (cache_name) (cache_size_bytes)' },
        { unit: 'bytes' },
      ),
      curves(
        'Database, p95',
        'None of this delays a reply, but for the first use of a key.',
        { '{{operation}}': p(0.95, 'database_query_duration_seconds', ['operation']) },
        { unit: 's' },
      ),
      curves('Database calls', 'A second, by what they do.', {
        '{{operation}}': rate('database_queries_total', 'operation'),
      }),
    ],
  }),

  incident: dashboard({
    uid: 'incident',
    title: 'Incident',
    description: 'Something is wrong: what, since when, and where. Read from the top.',
    variables: [PROVIDER],
    panels: [
      curves(
        '1. Do callers feel it?',
        'Requests that ended with 5xx, by route. Nothing here: failover has coped.',
        { '{{endpoint}} {{status_code}}': rate('http_requests_total', 'endpoint, status_code', 'status_code=~"5.."') },
        { unit: 'reqps' },
      ),
      curves(
        '2. What do they get?',
        'Errors by class; NoProviderAvailable means that nobody was left to ask.',
        { '{{exception_type}}': rate('fastapi_exceptions_total', 'exception_type') },
        { unit: 'reqps' },
      ),
      curves(
        '3. Which provider?',
        'Part of the attempts that fail.',
        {
          '{{provider}}': `${rate('model_inference_requests_total', 'provider', `status="error", ${OF_PROVIDER}`)} / ${rate('model_inference_requests_total', 'provider', OF_PROVIDER)}`,
        },
        { unit: 'percentunit', max: 1 },
      ),
      curves(
        '4. Why?',
        'Failovers by reason: a timeout, a status, a broken stream, an account in trouble.',
        { '{{from_provider}}: {{reason}}': rate('gatewayz_failovers_total', 'from_provider, reason') },
        { unit: 'reqps' },
      ),
      curves(
        '5. Slow instead of broken?',
        'First tokens, p95.',
        { '{{provider}}': p(0.95, 'time_to_first_chunk_seconds', ['provider'], OF_PROVIDER) },
        { unit: 's' },
      ),
      curves('6. Is there anything left to try?', 'Calls that were not retried since the retry budget was spent.', {
        refused: 'sum(rate(gatewayz_retries_refused_total[$__rate_interval]))',
      }),
      curves(
        '7. Is it us?',
        'Lag of event loops, and time that the database takes.',
        {
          'lag of {{instance}}': 'gatewayz_event_loop_lag_seconds',
          'database, p95': p(0.95, 'database_query_duration_seconds', []),
        },
        { unit: 's' },
      ),
      curves('8. What else is unusual?', 'Anomalies found in the last hour.', {
        '{{type}} {{severity}}': 'sum by (type, severity) (increase(gatewayz_detected_anomalies_total[1h]))',
      }),
    ],
  }),
};
