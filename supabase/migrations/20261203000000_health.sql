
-- How providers and models are, as the gateway that leads last found them. Null is unknown.
create table public.provider_health (
  provider_id text primary key,
  status text not null check (status in ('healthy', 'degraded', 'unhealthy', 'unknown', 'maintenance')),
  last_check timestamptz not null,
  error_count integer not null,
  availability double precision,
  error_rate double precision,
  latency double precision,
  score double precision
);
comment on column public.provider_health.latency is 'Milliseconds in which 95 of 100 first tokens come.';
comment on column public.provider_health.error_count is 'Attempts of the last five minutes that failed by the fault of the provider.';

create table public.model_health (
  model_id text not null,
  provider_id text not null,
  status text not null check (status in ('healthy', 'degraded', 'unhealthy', 'unknown', 'maintenance')),
  last_check timestamptz not null,
  uptime_24h double precision,
  error_rate double precision,
  avg_latency double precision,
  primary key (model_id, provider_id)
);
comment on column public.model_health.avg_latency is 'Milliseconds in which half of the first tokens come.';

alter table public.provider_health enable row level security;
alter table public.model_health enable row level security;

-- Writes what was found, and forgets what nobody has asked for a week. It comes as the text of JSON arrays.
create function public.keep_health(providers text, models text) returns void
language sql
set search_path = ''
as $$
  insert into public.provider_health
  select * from json_populate_recordset(null::public.provider_health, providers::json)
  on conflict (provider_id) do update set
    status = excluded.status, last_check = excluded.last_check, error_count = excluded.error_count,
    availability = excluded.availability, error_rate = excluded.error_rate, latency = excluded.latency,
    score = excluded.score;
  insert into public.model_health
  select * from json_populate_recordset(null::public.model_health, models::json)
  on conflict (model_id, provider_id) do update set
    status = excluded.status, last_check = excluded.last_check, uptime_24h = excluded.uptime_24h,
    error_rate = excluded.error_rate, avg_latency = excluded.avg_latency;
  delete from public.provider_health where last_check < now() - interval '7 days';
  delete from public.model_health where last_check < now() - interval '7 days';
$$;

revoke all on public.provider_health, public.model_health from anon, authenticated;
grant all on public.provider_health, public.model_health to service_role;
revoke execute on function public.keep_health from public, anon, authenticated;
grant execute on function public.keep_health to service_role;
