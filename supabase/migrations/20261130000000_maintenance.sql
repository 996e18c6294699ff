-- Times in which administrators keep calls away from a provider, a model, or a model at one provider.

create table public.maintenance (
  -- Empty: whoever offers the model.
  provider_id text not null default '',
  -- Empty: all models of the provider.
  model_id text not null default '',
  starts_at timestamptz not null,
  -- Null: until somebody ends it.
  ends_at timestamptz,
  reason text not null,
  primary key (provider_id, model_id),
  check (provider_id <> '' or model_id <> ''),
  check (ends_at > starts_at)
);
comment on table public.maintenance is 'What is or will be kept out of service; what was is in audit_logs.';
alter table public.maintenance enable row level security;
revoke all on public.maintenance from anon, authenticated;
grant all on public.maintenance to service_role;

-- Plans one, or changes the one that was planned; those that are over make room.
create function public.keep_maintenance(
  provider text, model text, starts timestamptz, ends timestamptz, why text, actor uuid, address text
) returns setof public.maintenance
language plpgsql
set search_path = ''
as $$
begin
  delete from public.maintenance as m where m.ends_at < now();
  insert into public.audit_logs (user_id, action, resource, detail, address)
  values (actor, 'maintenance.planned', 'maintenance:' || concat_ws(':', nullif(provider, ''), nullif(model, '')),
    jsonb_build_object('from', starts, 'until', ends, 'reason', why), address);
  return query
  insert into public.maintenance as m (provider_id, model_id, starts_at, ends_at, reason)
  values (provider, model, starts, ends, why)
  on conflict (provider_id, model_id) do update
  set starts_at = excluded.starts_at, ends_at = excluded.ends_at, reason = excluded.reason
  returning m.*;
end;
$$;

-- Whether there was one.
create function public.end_maintenance(provider text, model text, actor uuid, address text) returns boolean
language plpgsql
set search_path = ''
as $$
begin
  delete from public.maintenance as m where m.provider_id = provider and m.model_id = model;
  if not found then
    return false;
  end if;
  insert into public.audit_logs (user_id, action, resource, address)
  values (actor, 'maintenance.ended', 'maintenance:' || concat_ws(':', nullif(provider, ''), nullif(model, '')), address);
  return true;
end;
$$;

revoke execute on function public.keep_maintenance, public.end_maintenance from public, anon, authenticated;
grant execute on function public.keep_maintenance, public.end_maintenance to service_role;
