-- Callers' own keys of providers. What is stored here is encrypted by the gateway; the database never sees a key.

create table public.provider_keys (
  user_id uuid not null references public.users (id) on delete cascade,
  provider_id text not null,
  ciphertext text not null,
  last4 text not null,
  created_at timestamptz not null default now(),
  primary key (user_id, provider_id)
);
comment on table public.provider_keys is 'One key of a user at a provider, encrypted with CREDENTIALS_KEY.';
alter table public.provider_keys enable row level security;
revoke all on public.provider_keys from anon, authenticated;
grant all on public.provider_keys to service_role;

-- As before, and with the provider keys of the user: no call looks them up by itself.
drop function public.find_api_key(text);
create function public.find_api_key(hash text)
returns table (
  id uuid, user_id uuid, role text, active boolean, scopes text[], allowed_models text[], allowed_ips text[],
  rate_limit integer, token_limit integer, concurrency_limit integer, budget jsonb, expires_at timestamptz,
  store_history boolean, provider_keys jsonb
)
language sql stable
set search_path = ''
as $$
  select
    k.id, k.user_id, u.role, k.active, k.scopes, k.allowed_models, k.allowed_ips, k.rate_limit, k.token_limit,
    k.concurrency_limit, k.budget,
    case when k.key_hash = hash then k.expires_at else least(k.expires_at, k.previous_expires_at) end, k.store_history,
    (select jsonb_object_agg(p.provider_id, p.ciphertext) from public.provider_keys as p where p.user_id = k.user_id)
  from public.api_keys as k join public.users as u on u.id = k.user_id
  where k.key_hash = hash or k.previous_hash = hash
  limit 1;
$$;

-- Stores or replaces a key.
create function public.keep_provider_key(
  for_user uuid, provider text, encrypted text, key_last4 text, actor uuid, address text
) returns setof public.provider_keys
language plpgsql
set search_path = ''
as $$
begin
  insert into public.audit_logs (user_id, action, resource, detail, address)
  values (actor, 'provider_key.kept', 'provider_key:' || for_user || ':' || provider,
    jsonb_build_object('last4', key_last4), address);
  return query
  insert into public.provider_keys as p (user_id, provider_id, ciphertext, last4)
  values (for_user, provider, encrypted, key_last4)
  on conflict (user_id, provider_id) do update
  set ciphertext = excluded.ciphertext, last4 = excluded.last4, created_at = now()
  returning p.*;
end;
$$;

-- Whether there was one.
create function public.remove_provider_key(for_user uuid, provider text, actor uuid, address text) returns boolean
language plpgsql
set search_path = ''
as $$
begin
  delete from public.provider_keys as p where p.user_id = for_user and p.provider_id = provider;
  if not found then
    return false;
  end if;
  insert into public.audit_logs (user_id, action, resource, address)
  values (actor, 'provider_key.removed', 'provider_key:' || for_user || ':' || provider, address);
  return true;
end;
$$;

revoke execute on function public.find_api_key, public.keep_provider_key, public.remove_provider_key
  from public, anon, authenticated;
grant execute on function public.find_api_key, public.keep_provider_key, public.remove_provider_key to service_role;
