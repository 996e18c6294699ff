-- What administrators say of offers, of providers, and of lists that looked wrong.

create table public.models (
  id text not null,
  provider text not null,
  -- Null, here and below: what the lists say.
  name text,
  native_id text,
  -- USD per token as text, by kind: {"prompt": "0.000001", "completion": "0.000002"}.
  pricing jsonb,
  context_length integer check (context_length > 0),
  max_output_tokens integer check (max_output_tokens > 0),
  capabilities text[],
  weight double precision check (weight >= 0),
  active boolean not null default true,
  primary key (id, provider)
);
comment on table public.models is 'One row for each offer (a model at a provider) that an administrator changed.';

create table public.providers (
  id text primary key,
  name text not null,
  endpoint text not null,
  enabled boolean not null default true,
  priority integer not null default 0,
  -- The name of the environment variable with the key, never the key.
  credentials text
);
comment on table public.providers is 'One row for each provider that an administrator changed.';

create table public.accepted_lists (
  source text primary key,
  digest text not null
);
comment on table public.accepted_lists is 'The last edition of each list that was believed although it looked wrong.';

alter table public.models enable row level security;
alter table public.providers enable row level security;
alter table public.accepted_lists enable row level security;
revoke all on public.models, public.providers, public.accepted_lists from anon, authenticated;
grant all on public.models, public.providers, public.accepted_lists to service_role;

-- The changes are the text of a JSON object; what it does not name stays.
create function public.change_model(model text, at_provider text, changes text, actor uuid, address text)
returns setof public.models
language plpgsql
set search_path = ''
as $$
declare
  changed public.models;
begin
  insert into public.models (id, provider) values (model, at_provider) on conflict do nothing;
  select m.* into changed from public.models as m where m.id = model and m.provider = at_provider for update;
  changed := jsonb_populate_record(changed, changes::jsonb);
  insert into public.audit_logs (user_id, action, resource, detail, address)
  values (actor, 'model.changed', 'model:' || at_provider || ':' || model, changes::jsonb, address);
  return query
  update public.models as m
  set
    name = changed.name, native_id = changed.native_id, pricing = changed.pricing,
    context_length = changed.context_length, max_output_tokens = changed.max_output_tokens,
    capabilities = changed.capabilities, weight = changed.weight, active = changed.active
  where m.id = model and m.provider = at_provider
  returning m.*;
end;
$$;

-- What the gateway knows of the provider comes along, for those who read the table. Both are the text of a JSON object.
create function public.change_provider(provider text, known text, changes text, actor uuid, address text)
returns setof public.providers
language plpgsql
set search_path = ''
as $$
declare
  changed public.providers;
begin
  changed := jsonb_populate_record(null::public.providers, known::jsonb);
  insert into public.providers as p (id, name, endpoint, credentials)
  values (provider, changed.name, changed.endpoint, changed.credentials)
  on conflict (id) do update
  set name = excluded.name, endpoint = excluded.endpoint, credentials = excluded.credentials
  returning p.* into changed;
  changed := jsonb_populate_record(changed, changes::jsonb);
  insert into public.audit_logs (user_id, action, resource, detail, address)
  values (actor, 'provider.changed', 'provider:' || provider, changes::jsonb, address);
  return query
  update public.providers as p set enabled = changed.enabled, priority = changed.priority
  where p.id = provider
  returning p.*;
end;
$$;

-- Believes an edition of a list that was held back.
create function public.accept_list(list text, edition text, doubts text, actor uuid, address text) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into public.accepted_lists as l (source, digest) values (list, edition)
  on conflict (source) do update set digest = excluded.digest;
  insert into public.audit_logs (user_id, action, resource, detail, address)
  values (actor, 'model_list.accepted', 'model_list:' || list, jsonb_build_object('doubts', doubts, 'digest', edition),
    address);
end;
$$;

revoke execute on function public.change_model, public.change_provider, public.accept_list from public, anon, authenticated;
grant execute on function public.change_model, public.change_provider, public.accept_list to service_role;
