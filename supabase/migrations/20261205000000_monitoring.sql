-- What administrators ask about calls: how they went, how long they took, what they brought in and cost.

-- Attempts that failed, or cost us something that nobody got anything for. Of a call that failed without a trace nothing is
-- known but who failed.
create view public.troubled_attempts with (security_invoker = true) as
select
  t.id as call_id, t."timestamp", t.status as call_status, a.value ->> 'provider' as provider_id,
  a.value ->> 'model' as model_id, a.value ->> 'reason' as reason, a.value ->> 'status' = 'failed' as has_failed,
  -- The call stands for its last attempt.
  t.status = 'failed' and a.place = jsonb_array_length(t.trace -> 'attempts') as is_call,
  -- What is wasted with a caller's own key costs the caller.
  case when a.value ? 'own_key' then 0 else coalesce((a.value ->> 'wasted_cost')::numeric, 0) end as wasted_cost
from public.user_transactions as t
cross join lateral jsonb_array_elements(t.trace -> 'attempts') with ordinality as a (value, place)
where t.trace is not null and (a.value ->> 'status' = 'failed' or a.value ? 'wasted_cost')
union all
select t.id, t."timestamp", t.status, t.provider_id, t.model_id, null, true, true, 0
from public.user_transactions as t
where t.trace is null and t.status = 'failed';

create index user_transactions_troubled on public.user_transactions ("timestamp")
where status = 'failed' or trace is not null;

-- How calls went, in groups: `hour` and `day` (of UTC), `provider`, `model`, `offer` (`provider:model`), or `all`. Attempts
-- count also where another one served the call; those that failed by the caller's fault are not the provider's failures.
-- Input and output are all tokens, cached and hidden ones included. Times and speed are of calls that were completed.
create function public.call_report(
  from_time timestamptz, to_time timestamptz, for_provider text, for_model text, grouped_by text
)
returns table (
  label text, requests bigint, completed bigint, cancelled bigint, failed bigint, attempts bigint, failed_attempts bigint,
  input_tokens bigint, cache_read_tokens bigint, output_tokens bigint, reasoning_tokens bigint, credits_used text, cost text,
  tokens_per_second double precision, latency_p50 double precision, latency_p95 double precision, latency_p99 double precision,
  first_token_p50 double precision, first_token_p95 double precision
)
language sql stable
set search_path = ''
as $$
  with facts as (
    select
      t.provider_id, t.model_id, t."timestamp", t.status, 1 as attempts, 0 as failed_attempts,
      t.input_tokens + t.cache_read_tokens + t.cache_write_tokens + t.audio_input_tokens as input_tokens,
      t.cache_read_tokens, t.output_tokens + t.reasoning_tokens + t.audio_output_tokens as output_tokens,
      t.reasoning_tokens, t.credits_used, t.cost,
      case t.status when 'completed' then t.duration_ms end as duration_ms,
      case when t.status = 'completed' and t.streamed then t.first_token_ms end as first_token_ms,
      -- Who replies in one piece thinks and writes in this time, so only streams show how fast a model writes.
      case when t.status = 'completed' and t.streamed then t.duration_ms - t.first_token_ms end as writing_ms
    from public.user_transactions as t
    where t."timestamp" >= from_time and t."timestamp" < to_time
    union all
    select
      a.provider_id, a.model_id, a."timestamp", null, case when a.is_call then 0 else 1 end,
      case when a.reason in ('request', 'conflict') then 0 else 1 end, 0, 0, 0, 0, 0, 0, null, null, null
    from public.troubled_attempts as a
    where a."timestamp" >= from_time and a."timestamp" < to_time and a.has_failed
  ),
  labelled as (
    select
      case grouped_by
        when 'provider' then f.provider_id
        when 'model' then f.model_id
        when 'offer' then f.provider_id || ':' || f.model_id
        when 'all' then 'all'
        else to_char(date_trunc(grouped_by, f."timestamp", 'UTC') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      end as label,
      f.*
    from facts as f
    where (for_provider is null or f.provider_id = for_provider) and (for_model is null or f.model_id = for_model)
  ),
  summed as (
    select
      l.label, count(l.status) as requests, count(*) filter (where l.status = 'completed') as completed,
      count(*) filter (where l.status = 'cancelled') as cancelled, count(*) filter (where l.status = 'failed') as failed,
      sum(l.attempts) as attempts, sum(l.failed_attempts) as failed_attempts, sum(l.input_tokens) as input_tokens,
      sum(l.cache_read_tokens) as cache_read_tokens, sum(l.output_tokens) as output_tokens,
      sum(l.reasoning_tokens) as reasoning_tokens, sum(l.credits_used) as credits_used, sum(l.cost) as cost,
      sum(l.output_tokens) filter (where l.writing_ms > 0) * 1000.0 / sum(l.writing_ms) filter (where l.writing_ms > 0)
        as tokens_per_second,
      percentile_cont(array[0.5, 0.95, 0.99]) within group (order by l.duration_ms) as latency,
      percentile_cont(array[0.5, 0.95]) within group (order by l.first_token_ms) as first_token
    from labelled as l
    group by l.label
  )
  select
    s.label, s.requests, s.completed, s.cancelled, s.failed, s.attempts::bigint, s.failed_attempts::bigint,
    s.input_tokens::bigint, s.cache_read_tokens::bigint, s.output_tokens::bigint, s.reasoning_tokens::bigint,
    s.credits_used::numeric(20, 9)::text, s.cost::numeric(20, 9)::text,
    s.tokens_per_second::double precision, s.latency[1], s.latency[2], s.latency[3],
    s.first_token[1], s.first_token[2]
  from summed as s
  order by case when grouped_by in ('hour', 'day') then s.label end, s.requests desc, s.label
  limit 1000;
$$;

-- What calls brought in and cost us, in groups: `provider` and `model` (the dearest ones), and `day` (of UTC). What an attempt
-- wasted is a cost of its own provider. A call with credits that cost us nothing but waste was made with the caller's own
-- key: its credits are our fee.
create function public.cost_report(from_time timestamptz, to_time timestamptz)
returns table (
  kind text, label text, requests bigint, input_tokens bigint, output_tokens bigint, credits_used text, cost text,
  margin text, own_key_fees text, failed_cost text
)
language sql stable
set search_path = ''
as $$
  with wasted as (
    select a.call_id, a.provider_id, a.model_id, a."timestamp", a.wasted_cost
    from public.troubled_attempts as a
    where a."timestamp" >= from_time and a."timestamp" < to_time and a.wasted_cost > 0
  ),
  facts as (
    select
      t.provider_id, t.model_id, date_trunc('day', t."timestamp", 'UTC') as day, 1 as requests,
      t.input_tokens + t.cache_read_tokens + t.cache_write_tokens + t.audio_input_tokens as input_tokens,
      t.output_tokens + t.reasoning_tokens + t.audio_output_tokens as output_tokens, t.credits_used,
      t.cost - coalesce(w.cost, 0) as cost, t.status = 'failed' as has_failed
    from public.user_transactions as t
    left join (select wasted.call_id, sum(wasted.wasted_cost) as cost from wasted group by wasted.call_id) as w
      on w.call_id = t.id
    where t."timestamp" >= from_time and t."timestamp" < to_time
    union all
    select w.provider_id, w.model_id, date_trunc('day', w."timestamp", 'UTC'), 0, 0, 0, 0, w.wasted_cost, true
    from wasted as w
  ),
  -- First by all three, for there are few of these: each figure is added up once, not three times.
  cells as (
    select
      f.provider_id, f.model_id, f.day, sum(f.requests) as requests, sum(f.input_tokens) as input_tokens,
      sum(f.output_tokens) as output_tokens, sum(f.credits_used) as credits_used, sum(f.cost) as cost,
      sum(f.credits_used) filter (where f.cost = 0) as own_key_fees, sum(f.cost) filter (where f.has_failed) as failed_cost
    from facts as f
    group by f.provider_id, f.model_id, f.day
  ),
  groups as (
    select
      case when grouping(c.provider_id) = 0 then 'provider' when grouping(c.model_id) = 0 then 'model' else 'day' end as kind,
      coalesce(c.provider_id, c.model_id, to_char(c.day at time zone 'UTC', 'YYYY-MM-DD')) as label,
      sum(c.requests)::bigint as requests, sum(c.input_tokens)::bigint as input_tokens,
      sum(c.output_tokens)::bigint as output_tokens, sum(c.credits_used)::numeric(20, 9) as credits_used,
      sum(c.cost)::numeric(20, 9) as cost, coalesce(sum(c.own_key_fees), 0)::numeric(20, 9) as own_key_fees,
      coalesce(sum(c.failed_cost), 0)::numeric(20, 9) as failed_cost
    from cells as c
    group by grouping sets ((c.provider_id), (c.model_id), (c.day))
  ),
  ranked as (
    select g.*, row_number() over (partition by g.kind order by g.cost desc, g.label) as place from groups as g
  )
  select
    r.kind, r.label, r.requests, r.input_tokens, r.output_tokens, r.credits_used::text, r.cost::text,
    (r.credits_used - r.cost)::text, r.own_key_fees::text, r.failed_cost::text
  from ranked as r
  where r.kind = 'day' or r.place <= 250
  order by r.kind, case r.kind when 'day' then r.label end, r.place;
$$;

-- How many calls of a model at a provider were completed within each of these times (that is, above the one before), and, at
-- the end, above all of them.
create function public.latency_histogram(
  from_time timestamptz, to_time timestamptz, for_provider text, for_model text, bounds_ms integer[]
)
returns table (up_to_ms integer, calls bigint)
language sql stable
set search_path = ''
as $$
  with counted as (
    select width_bucket(t.duration_ms - 1, bounds_ms) + 1 as place, count(*) as calls
    from public.user_transactions as t
    where t."timestamp" >= from_time and t."timestamp" < to_time and t.provider_id = for_provider
      and t.model_id = for_model and t.status = 'completed'
    group by 1
  )
  select bounds_ms[p.place], coalesce(c.calls, 0)
  from generate_series(1, cardinality(bounds_ms) + 1) as p (place)
  left join counted as c on c.place = p.place
  order by p.place;
$$;

-- Attempts at a provider that failed, the latest first.
create function public.failed_attempts(for_provider text, from_time timestamptz, page integer, skipped integer)
returns table (call_id text, "timestamp" timestamptz, model_id text, reason text, call_status text)
language sql stable
set search_path = ''
as $$
  select a.call_id, a."timestamp", a.model_id, a.reason, a.call_status
  from public.troubled_attempts as a
  where a."timestamp" >= from_time and a.provider_id = for_provider and a.has_failed
  order by a."timestamp" desc, a.call_id
  limit page offset skipped;
$$;

revoke all on public.troubled_attempts from anon, authenticated;
grant all on public.troubled_attempts to service_role;
revoke execute on function public.call_report, public.cost_report, public.latency_histogram, public.failed_attempts
  from public, anon, authenticated;
grant execute on function public.call_report, public.cost_report, public.latency_histogram, public.failed_attempts
  to service_role;
