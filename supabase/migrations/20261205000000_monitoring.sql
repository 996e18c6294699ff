
-- How calls went, in groups: `hour` and `day` (of UTC), `provider`, `model`, `offer` (`provider:model`), or `all`.
-- Latencies are milliseconds of calls that were completed.
create function public.call_report(
  from_time timestamptz, to_time timestamptz, for_provider text, for_model text, grouped_by text
)
returns table (
  label text, requests bigint, completed bigint, cancelled bigint, failed bigint, input_tokens bigint,
  cache_read_tokens bigint, output_tokens bigint, reasoning_tokens bigint, credits_used text, cost text,
  latency_p50 double precision, latency_p95 double precision, latency_p99 double precision,
  first_token_p50 double precision, first_token_p95 double precision
)
language sql stable
set search_path = ''
as $$
  with labelled as (
    select
      case grouped_by
        when 'provider' then t.provider_id
        when 'model' then t.model_id
        when 'offer' then t.provider_id || ':' || t.model_id
        when 'all' then 'all'
        else to_char(date_trunc(grouped_by, t."timestamp", 'UTC') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      end as label,
      t.*
    from public.user_transactions as t
    where t."timestamp" >= from_time and t."timestamp" < to_time
      and (for_provider is null or t.provider_id = for_provider)
      and (for_model is null or t.model_id = for_model)
  )
  select
    l.label, count(*), count(*) filter (where l.status = 'completed'), count(*) filter (where l.status = 'cancelled'),
    count(*) filter (where l.status = 'failed'), sum(l.input_tokens)::bigint, sum(l.cache_read_tokens)::bigint,
    sum(l.output_tokens)::bigint, sum(l.reasoning_tokens)::bigint, sum(l.credits_used)::text, sum(l.cost)::text,
    percentile_cont(0.5) within group (order by l.duration_ms) filter (where l.status = 'completed'),
    percentile_cont(0.95) within group (order by l.duration_ms) filter (where l.status = 'completed'),
    percentile_cont(0.99) within group (order by l.duration_ms) filter (where l.status = 'completed'),
    percentile_cont(0.5) within group (order by l.first_token_ms) filter (where l.status = 'completed'),
    percentile_cont(0.95) within group (order by l.first_token_ms) filter (where l.status = 'completed')
  from labelled as l
  group by l.label
  order by case when grouped_by in ('hour', 'day') then l.label end, count(*) desc, l.label
  limit 1000;
$$;

-- Attempts at a provider that failed, the latest first, whether another one served the call or not.
create function public.failed_attempts(for_provider text, from_time timestamptz, page integer, skipped integer)
returns table (call_id text, "timestamp" timestamptz, model_id text, reason text, call_status text)
language sql stable
set search_path = ''
as $$
  select t.id, t."timestamp", coalesce(a.value ->> 'model', t.model_id), a.value ->> 'reason', t.status
  from public.user_transactions as t
  cross join lateral jsonb_array_elements(
    coalesce(
      t.trace -> 'attempts',
      jsonb_build_array(jsonb_build_object(
        'provider', t.provider_id, 'model', t.model_id, 'reason', null,
        'status', case t.status when 'failed' then 'failed' else 'completed' end
      ))
    )
  ) as a
  where t."timestamp" >= from_time and (t.status = 'failed' or t.trace is not null)
    and a.value ->> 'provider' = for_provider and a.value ->> 'status' = 'failed'
  order by t."timestamp" desc
  limit page offset skipped;
$$;

create index user_transactions_troubled on public.user_transactions ("timestamp")
where status = 'failed' or trace is not null;

revoke execute on function public.call_report, public.failed_attempts from public, anon, authenticated;
grant execute on function public.call_report, public.failed_attempts to service_role;
