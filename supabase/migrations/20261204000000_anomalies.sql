
-- What was unusual, and who has been told.
create table public.anomalies (
  id uuid primary key default gen_random_uuid(),
  series text not null,
  measure text not null,
  type text not null check (type in ('latency_spike', 'error_surge', 'cost_spike', 'unusual_pattern')),
  severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
  provider_id text,
  model_id text,
  api_key_id text,
  value double precision not null,
  expected double precision not null,
  score double precision not null,
  explanation text not null,
  started_at timestamptz not null,
  last_seen_at timestamptz not null default now(),
  ended_at timestamptz
);
create unique index anomalies_open on public.anomalies (series, measure) where ended_at is null;
create index anomalies_time on public.anomalies (started_at);
comment on table public.anomalies is 'One open anomaly at a time for each series and measure. They are kept for 400 days.';

create table public.anomaly_alerts (
  anomaly_id uuid not null references public.anomalies (id) on delete cascade,
  channel text not null,
  event text not null check (event in ('begin', 'end')),
  created_at timestamptz not null default now(),
  tries integer not null default 0,
  next_try_at timestamptz default now(),
  delivered_at timestamptz,
  primary key (anomaly_id, channel, event)
);
comment on column public.anomaly_alerts.next_try_at is 'Null once it was delivered, or nobody tries any more.';

alter table public.anomalies enable row level security;
alter table public.anomaly_alerts enable row level security;

-- Points of five minutes of each provider, model at a provider, and key: the last ones, and those about the same time of
-- earlier days. Attempts that failed although another one served the call stand in the traces of calls. As text, since there
-- may be more of them than a page of rows holds.
create function public.usage_series(at_time timestamptz, recent_ms bigint, days integer, around_ms bigint) returns text
language sql stable
set search_path = ''
as $$
  with windows as (
    select at_time - recent_ms * interval '1 millisecond' as from_time, at_time + interval '5 minutes' as to_time
    union all
    select
      at_time - d * interval '1 day' - around_ms * interval '1 millisecond',
      at_time - d * interval '1 day' + (around_ms + 300000) * interval '1 millisecond'
    from generate_series(1, days) as d
  ),
  facts as (
    select
      date_bin('5 minutes', u.minute, 'epoch') as bucket, u.provider_id, u.model_id, u.api_key_id, u.requests,
      case u.status when 'completed' then u.requests else 0 end as completed,
      case u.status when 'failed' then u.requests else 0 end as failed,
      case u.status when 'completed' then u.duration_ms else 0 end as duration_ms, u.input_tokens, u.output_tokens, u.cost
    from windows as w
    join public.usage_by_minute as u on u.minute >= w.from_time and u.minute < w.to_time
    union all
    select
      date_bin('5 minutes', t."timestamp", 'epoch'), a.value ->> 'provider', a.value ->> 'model', null, 1, 0, 1, 0, 0, 0, 0
    from windows as w
    join public.user_transactions as t on t."timestamp" >= w.from_time and t."timestamp" < w.to_time and t.trace is not null
    cross join lateral jsonb_array_elements(t.trace -> 'attempts') with ordinality as a (value, place)
    where a.value ->> 'status' = 'failed'
      -- The last one of a call that failed is counted with the call.
      and not (t.status = 'failed' and a.place = jsonb_array_length(t.trace -> 'attempts'))
  ),
  summed as (
    select
      case when grouping(f.api_key_id) = 0 then 'key' when grouping(f.model_id) = 0 then 'model' else 'provider' end as kind,
      f.provider_id, f.model_id, f.api_key_id, f.bucket,
      json_build_object(
        'at', (extract(epoch from f.bucket) * 1000)::bigint, 'requests', sum(f.requests), 'completed', sum(f.completed),
        'failed', sum(f.failed), 'durationMs', sum(f.duration_ms), 'inputTokens', sum(f.input_tokens),
        'outputTokens', sum(f.output_tokens), 'cost', sum(f.cost)::double precision
      ) as point
    from facts as f
    group by grouping sets (
      (f.bucket, f.provider_id), (f.bucket, f.provider_id, f.model_id), (f.bucket, f.api_key_id)
    )
  ),
  series as (
    select s.kind, s.provider_id, s.model_id, s.api_key_id, json_agg(s.point) as points
    from summed as s
    where s.kind <> 'key' or s.api_key_id is not null
    group by s.kind, s.provider_id, s.model_id, s.api_key_id
  )
  select coalesce(
    json_agg(json_build_object(
      'kind', s.kind, 'providerId', s.provider_id, 'modelId', s.model_id, 'apiKeyId', s.api_key_id, 'points', s.points
    )), '[]'
  )::text
  from series as s;
$$;

-- Writes what was found, one open row for each series and measure, and ends what is usual again. Alerts go to the channels
-- for what is bad enough, unless there was one about the same within the cool-down. What is new comes back.
create function public.keep_anomalies(findings text, ended text, channels text[], least_severity text, cooldown_seconds integer)
returns table (series text, measure text, type text, severity text)
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  ranks constant text[] := array['low', 'medium', 'high', 'critical'];
begin
  return query
  with given as (
    select * from json_populate_recordset(null::public.anomalies, findings::json)
  ),
  kept as (
    insert into public.anomalies as a (
      series, measure, type, severity, provider_id, model_id, api_key_id, value, expected, score, explanation, started_at
    )
    select
      g.series, g.measure, g.type, g.severity, g.provider_id, g.model_id, g.api_key_id, g.value, g.expected, g.score,
      g.explanation, g.started_at
    from given as g
    order by g.series, g.measure
    on conflict (series, measure) where (ended_at is null) do update set
      last_seen_at = now(),
      value = case when excluded.score > a.score then excluded.value else a.value end,
      expected = case when excluded.score > a.score then excluded.expected else a.expected end,
      explanation = case when excluded.score > a.score then excluded.explanation else a.explanation end,
      severity = ranks[greatest(array_position(ranks, a.severity), array_position(ranks, excluded.severity))],
      score = greatest(a.score, excluded.score)
    returning a.id, a.series, a.measure, a.type, a.severity, (xmax = 0) as is_new
  ),
  told as (
    insert into public.anomaly_alerts (anomaly_id, channel, event)
    select k.id, c.channel, 'begin'
    from kept as k
    cross join unnest(channels) as c (channel)
    where array_position(ranks, k.severity) >= array_position(ranks, least_severity)
      and not exists (
        select from public.anomalies as earlier
        join public.anomaly_alerts as said on said.anomaly_id = earlier.id
        where earlier.series = k.series and earlier.measure = k.measure and earlier.id <> k.id
          and said.created_at > now() - cooldown_seconds * interval '1 second'
      )
    on conflict do nothing
  )
  select k.series, k.measure, k.type, k.severity from kept as k where k.is_new;

  with over as (
    update public.anomalies as a set ended_at = now()
    from json_populate_recordset(null::public.anomalies, keep_anomalies.ended::json) as e
    where a.series = e.series and a.measure = e.measure and a.ended_at is null
    returning a.id
  )
  insert into public.anomaly_alerts (anomaly_id, channel, event)
  select said.anomaly_id, said.channel, 'end'
  from over join public.anomaly_alerts as said on said.anomaly_id = over.id and said.event = 'begin'
  on conflict do nothing;
  delete from public.anomalies as a where a.started_at < now() - interval '400 days';
end;
$$;

-- Alerts that are due, with what they are about.
create function public.due_alerts(most integer)
returns table (
  anomaly_id uuid, channel text, event text, tries integer, series text, measure text, type text, severity text,
  explanation text, started_at timestamptz, ended_at timestamptz
)
language sql stable
set search_path = ''
as $$
  select
    l.anomaly_id, l.channel, l.event, l.tries, a.series, a.measure, a.type, a.severity, a.explanation, a.started_at, a.ended_at
  from public.anomaly_alerts as l join public.anomalies as a on a.id = l.anomaly_id
  where l.next_try_at <= now() and l.delivered_at is null
  order by l.next_try_at
  limit most;
$$;

revoke all on public.anomalies, public.anomaly_alerts from anon, authenticated;
grant all on public.anomalies, public.anomaly_alerts to service_role;
revoke execute on function public.usage_series, public.keep_anomalies, public.due_alerts from public, anon, authenticated;
grant execute on function public.usage_series, public.keep_anomalies, public.due_alerts to service_role;
