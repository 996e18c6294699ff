-- What happened: events of calls and of callers, and usage by the minute.

create table public.analytics_events (
  user_id uuid not null references public.users (id) on delete cascade,
  source text not null check (source in ('gateway', 'caller')),
  id text not null,
  api_key_id uuid not null,
  name text not null,
  properties jsonb not null default '{}',
  "timestamp" timestamptz not null,
  received_at timestamptz not null default now(),
  primary key (user_id, source, id)
);
create index analytics_events_time on public.analytics_events ("timestamp");
comment on table public.analytics_events is
  'Events of the gateway (`inference` and `cost`, one of each a call) and those that callers send; each once by its id, which is unique for a user and a source. They go with their user.';

create table public.usage_minutes (
  minute timestamptz not null,
  user_id uuid not null,
  api_key_id uuid not null,
  model_id text not null,
  provider_id text not null,
  endpoint text not null,
  status text not null,
  requests bigint not null,
  input_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_tokens bigint not null,
  output_tokens bigint not null,
  reasoning_tokens bigint not null,
  audio_input_tokens bigint not null,
  audio_output_tokens bigint not null,
  credits_used numeric(20, 9) not null,
  cost numeric(20, 9) not null,
  duration_ms bigint not null,
  primary key (minute, user_id, api_key_id, model_id, provider_id, endpoint, status)
);
create index usage_minutes_user on public.usage_minutes (user_id, minute);
comment on table public.usage_minutes is
  'Transactions, summed up by the minute in which their calls ended. Made from user_transactions alone, and made anew whenever a minute gets another one.';

create table public.usage_minutes_due (
  minute timestamptz primary key,
  marked_at timestamptz not null default now()
);
comment on table public.usage_minutes_due is 'Minutes that got transactions since they were last summed up.';

alter table public.analytics_events enable row level security;
alter table public.usage_minutes enable row level security;
alter table public.usage_minutes_due enable row level security;

-- Marks the minutes of new transactions, however late these come. A mark that is there already is written again, because
-- its lock is what keeps it from being taken down before this transaction is seen.
create function public.mark_usage_due() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  insert into public.usage_minutes_due (minute)
  select distinct date_trunc('minute', s."timestamp", 'UTC') from settled as s order by 1
  on conflict (minute) do update set marked_at = now();
  return null;
end;
$$;
create trigger mark_usage_due after insert on public.user_transactions
referencing new table as settled for each statement execute function public.mark_usage_due();

insert into public.usage_minutes_due (minute)
select distinct date_trunc('minute', t."timestamp", 'UTC') from public.user_transactions as t;

-- What usage_minutes should say of the minutes that are due.
create view public.usage_of_due_minutes with (security_invoker = true) as
select
  d.minute, t.user_id, t.api_key_id, t.model_id, t.provider_id, t.endpoint, t.status, count(*) as requests,
  sum(t.input_tokens)::bigint as input_tokens, sum(t.cache_read_tokens)::bigint as cache_read_tokens,
  sum(t.cache_write_tokens)::bigint as cache_write_tokens, sum(t.output_tokens)::bigint as output_tokens,
  sum(t.reasoning_tokens)::bigint as reasoning_tokens, sum(t.audio_input_tokens)::bigint as audio_input_tokens,
  sum(t.audio_output_tokens)::bigint as audio_output_tokens, sum(t.credits_used) as credits_used, sum(t.cost) as cost,
  sum(t.duration_ms)::bigint as duration_ms
from public.usage_minutes_due as d
join public.user_transactions as t on t."timestamp" >= d.minute and t."timestamp" < d.minute + interval '1 minute'
group by d.minute, t.user_id, t.api_key_id, t.model_id, t.provider_id, t.endpoint, t.status;

-- All usage, right at every moment: minutes as they were summed up, and those that are due as they would be.
create view public.usage_by_minute with (security_invoker = true) as
select m.* from public.usage_minutes as m
where not exists (select from public.usage_minutes_due as d where d.minute = m.minute)
union all
select u.* from public.usage_of_due_minutes as u;

-- Sums up minutes that are due, the newest first, at most so many; how many that were. Whoever runs it beside this one
-- takes other minutes, and so does this one where a settlement is just adding to a minute.
create function public.aggregate_usage(most integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  taken timestamptz[];
begin
  select array_agg(d.minute) into taken from (
    select due.minute from public.usage_minutes_due as due order by due.minute desc limit most for update skip locked
  ) as d;
  delete from public.usage_minutes as m where m.minute = any (taken);
  insert into public.usage_minutes select u.* from public.usage_of_due_minutes as u where u.minute = any (taken);
  delete from public.usage_minutes_due as d where d.minute = any (taken);
  return coalesce(cardinality(taken), 0);
end;
$$;

-- Usage of a user, or of all, in groups: `hour` and `day` (of UTC) by time; `model`, `provider` and `key` by what they
-- cost their callers, the dearest first.
create function public.usage_report(
  for_user uuid, from_time timestamptz, to_time timestamptz, grouped_by text, page integer
)
returns table (
  label text, requests bigint, completed bigint, cancelled bigint, failed bigint, input_tokens bigint,
  cache_read_tokens bigint, cache_write_tokens bigint, output_tokens bigint, reasoning_tokens bigint,
  audio_input_tokens bigint, audio_output_tokens bigint, credits_used text, cost text, duration_ms bigint
)
language sql stable
set search_path = ''
as $$
  with labelled as (
    select
      case grouped_by
        when 'model' then u.model_id
        when 'provider' then u.provider_id
        when 'key' then u.api_key_id::text
        else to_char(date_trunc(grouped_by, u.minute, 'UTC') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      end as label,
      u.*
    from public.usage_by_minute as u
    where u.minute >= from_time and u.minute < to_time and (for_user is null or u.user_id = for_user)
  )
  select
    l.label, sum(l.requests)::bigint, coalesce(sum(l.requests) filter (where l.status = 'completed'), 0)::bigint,
    coalesce(sum(l.requests) filter (where l.status = 'cancelled'), 0)::bigint,
    coalesce(sum(l.requests) filter (where l.status = 'failed'), 0)::bigint, sum(l.input_tokens)::bigint,
    sum(l.cache_read_tokens)::bigint, sum(l.cache_write_tokens)::bigint, sum(l.output_tokens)::bigint,
    sum(l.reasoning_tokens)::bigint, sum(l.audio_input_tokens)::bigint, sum(l.audio_output_tokens)::bigint,
    sum(l.credits_used)::text, sum(l.cost)::text, sum(l.duration_ms)::bigint
  from labelled as l
  group by l.label
  order by case when grouped_by in ('hour', 'day') then l.label end, sum(l.credits_used) desc, l.label
  limit page;
$$;

-- Writes events, each once however often it comes. They come as the text of a JSON array. Those of users who are gone
-- are left out.
create function public.keep_analytics_events(events text) returns integer
language sql
set search_path = ''
as $$
  with kept as (
    insert into public.analytics_events (user_id, source, id, api_key_id, name, properties, "timestamp")
    select e.user_id, e.source, e.id, e.api_key_id, e.name, e.properties, e."timestamp"
    from json_populate_recordset(null::public.analytics_events, events::json) as e
    where exists (select from public.users as u where u.id = e.user_id)
    -- In one order, so that two that bring the same events do not wait for each other.
    order by e.user_id, e.source, e.id
    on conflict (user_id, source, id) do nothing
    returning 1
  )
  select count(*)::integer from kept;
$$;

-- Deletes what is older than its retention, at most so many rows of each table; how many that were.
create function public.apply_analytics_retention(most integer) returns integer
language sql
set search_path = ''
as $$
  with events as (
    delete from public.analytics_events where ctid = any (array(
      select e.ctid from public.analytics_events as e where e."timestamp" < now() - interval '30 days' limit most
    ))
    returning 1
  ),
  minutes as (
    delete from public.usage_minutes where ctid = any (array(
      select m.ctid from public.usage_minutes as m where m.minute < now() - interval '400 days' limit most
    ))
    returning 1
  )
  select ((select count(*) from events) + (select count(*) from minutes))::integer;
$$;

revoke all on public.analytics_events, public.usage_minutes, public.usage_minutes_due, public.usage_of_due_minutes,
  public.usage_by_minute from anon, authenticated;
grant all on public.analytics_events, public.usage_minutes, public.usage_minutes_due, public.usage_of_due_minutes,
  public.usage_by_minute to service_role;
revoke execute on function public.mark_usage_due, public.aggregate_usage, public.usage_report,
  public.keep_analytics_events, public.apply_analytics_retention from public, anon, authenticated;
grant execute on function public.aggregate_usage, public.usage_report, public.keep_analytics_events,
  public.apply_analytics_retention to service_role;
