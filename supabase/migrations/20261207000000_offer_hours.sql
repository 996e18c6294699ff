
-- How often offers were asked and answered, by all gateways, so that the uptime of a day outlives them. 25 hours are kept.
create table public.offer_hours (
  hour timestamptz not null,
  provider_id text not null,
  model_id text not null,
  attempts bigint not null,
  answered bigint not null,
  primary key (hour, provider_id, model_id)
);
alter table public.offer_hours enable row level security;
revoke all on public.offer_hours from anon, authenticated;
grant all on public.offer_hours to service_role;

-- Adds what a gateway saw since it last told, as the text of a JSON array; the sums of the last 24 hours in the same form:
-- rows would end at the thousandth.
create function public.count_attempts(counts text) returns text
language sql
set search_path = ''
as $$
  insert into public.offer_hours as o (hour, provider_id, model_id, attempts, answered)
  select date_trunc('hour', now()), c.provider_id, c.model_id, c.attempts, c.answered
  from json_to_recordset(counts::json) as c (provider_id text, model_id text, attempts bigint, answered bigint)
  -- Gateways that tell of the same offers wait for each other in one order.
  order by c.provider_id, c.model_id
  on conflict (hour, provider_id, model_id) do update
  set attempts = o.attempts + excluded.attempts, answered = o.answered + excluded.answered;
  delete from public.offer_hours where hour < now() - interval '25 hours';
  select coalesce(json_agg(d), '[]')::text
  from (
    select provider_id, model_id, sum(attempts)::bigint as attempts, sum(answered)::bigint as answered
    from public.offer_hours
    where hour > now() - interval '24 hours'
    group by 1, 2
  ) as d;
$$;

revoke execute on function public.count_attempts from public, anon, authenticated;
grant execute on function public.count_attempts to service_role;
