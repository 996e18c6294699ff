-- Keys that can be rotated, what they may do, and who changed what.

alter table public.api_keys
  add column revoked_at timestamptz,
  add column previous_hash text unique,
  add column previous_expires_at timestamptz,
  add column store_history boolean not null default true;
alter table public.api_keys alter column scopes set default '{inference}';
-- So far no key had scopes, and only the administrator had a key.
update public.api_keys set scopes = '{inference,keys,admin}' where scopes = '{}';

create table public.audit_logs (
  id bigint generated always as identity primary key,
  user_id uuid,
  action text not null,
  resource text not null,
  detail jsonb not null default '{}',
  address text,
  "timestamp" timestamptz not null default now()
);
create index audit_logs_user on public.audit_logs (user_id, id desc);
create index audit_logs_time on public.audit_logs ("timestamp");
comment on table public.audit_logs is 'Who changed what, and from where. Holds no secret.';
alter table public.audit_logs enable row level security;

-- The key with this hash, or the one that had it before it was rotated a while ago.
create function public.find_api_key(hash text)
returns table (
  id uuid, user_id uuid, role text, active boolean, scopes text[], allowed_models text[], allowed_ips text[],
  rate_limit integer, token_limit integer, concurrency_limit integer, budget jsonb, expires_at timestamptz,
  store_history boolean
)
language sql stable
set search_path = ''
as $$
  select
    k.id, k.user_id, u.role, k.active, k.scopes, k.allowed_models, k.allowed_ips, k.rate_limit, k.token_limit,
    k.concurrency_limit, k.budget,
    case when k.key_hash = hash then k.expires_at else least(k.expires_at, k.previous_expires_at) end, k.store_history
  from public.api_keys as k join public.users as u on u.id = k.user_id
  where k.key_hash = hash or k.previous_hash = hash
  limit 1;
$$;

-- What is JSON comes as its text: Lite hands PostgreSQL a jsonb argument as a string of JSON.

-- A new key of a user; only its hash comes here. Null when there is no such user.
create function public.create_api_key(settings text, actor uuid, address text) returns setof public.api_keys
language plpgsql
set search_path = ''
as $$
declare
  made public.api_keys;
begin
  insert into public.api_keys (
    user_id, name, key_hash, last4, scopes, allowed_models, allowed_ips, rate_limit, token_limit, concurrency_limit,
    budget, expires_at, store_history
  )
  select
    s.user_id, s.name, s.key_hash, s.last4, coalesce(s.scopes, '{inference}'), s.allowed_models, s.allowed_ips,
    s.rate_limit, s.token_limit, s.concurrency_limit, s.budget, s.expires_at, coalesce(s.store_history, true)
  from jsonb_populate_record(null::public.api_keys, settings::jsonb) as s
  where exists (select from public.users as u where u.id = s.user_id)
  returning * into made;
  if made.id is null then
    return;
  end if;
  insert into public.audit_logs (user_id, action, resource, detail, address)
  values (actor, 'api_key.created', 'api_key:' || made.id, settings::jsonb - 'key_hash', address);
  return next made;
end;
$$;

-- Changes the settings of a user's key that are named, and no others. Nothing when the user has no such key.
create function public.change_api_key(key_id uuid, owner uuid, changes text, actor uuid, address text)
returns setof public.api_keys
language plpgsql
set search_path = ''
as $$
declare
  known public.api_keys;
  changed public.api_keys;
begin
  select k.* into known from public.api_keys as k where k.id = key_id and k.user_id = owner for update;
  if known.id is null then
    return;
  end if;
  changed := jsonb_populate_record(known, changes::jsonb);
  update public.api_keys as k
  set
    name = changed.name, scopes = changed.scopes, allowed_models = changed.allowed_models,
    allowed_ips = changed.allowed_ips, rate_limit = changed.rate_limit, token_limit = changed.token_limit,
    concurrency_limit = changed.concurrency_limit, budget = changed.budget, expires_at = changed.expires_at,
    store_history = changed.store_history, active = changed.active, revoked_at = changed.revoked_at
  where k.id = key_id
  returning k.* into changed;
  insert into public.audit_logs (user_id, action, resource, detail, address)
  values (
    actor, case when changes::jsonb ? 'revoked_at' then 'api_key.revoked' else 'api_key.changed' end, 'api_key:' || key_id,
    changes::jsonb, address
  );
  return next changed;
end;
$$;

-- Gives a key another secret; the one before works until then. An older one ends at once.
create function public.rotate_api_key(
  key_id uuid, owner uuid, new_hash text, new_last4 text, overlap_seconds integer, actor uuid, address text
)
returns setof public.api_keys
language plpgsql
set search_path = ''
as $$
declare
  rotated public.api_keys;
begin
  update public.api_keys as k
  set
    previous_hash = k.key_hash, previous_expires_at = now() + make_interval(secs => overlap_seconds),
    key_hash = new_hash, last4 = new_last4
  where k.id = key_id and k.user_id = owner and k.active
  returning k.* into rotated;
  if rotated.id is null then
    return;
  end if;
  insert into public.audit_logs (user_id, action, resource, detail, address)
  values (
    actor, 'api_key.rotated', 'api_key:' || key_id, jsonb_build_object('overlap_seconds', overlap_seconds), address
  );
  return next rotated;
end;
$$;

-- When keys were last used: `{"<key id>": "<time>"}`.
create function public.touch_api_keys(uses text) returns integer
language sql
set search_path = ''
as $$
  with touched as (
    update public.api_keys as k
    set last_used_at = greatest(k.last_used_at, u.value::timestamptz)
    from jsonb_each_text(uses::jsonb) as u
    where k.id = u.key::uuid
    returning 1
  )
  select count(*)::integer from touched;
$$;

-- An administrator moves credits: the movement and its entry in the audit log together.
create function public.move_credits(
  for_user uuid, amount text, kind text, reference text, note text, actor uuid, address text
)
returns table (outcome text, credited text, debited text, credits text)
language plpgsql
set search_path = ''
as $$
declare
  moved record;
begin
  select * into moved from public.post_credits(for_user, amount, kind, reference, note);
  if moved.outcome = 'posted' then
    insert into public.audit_logs (user_id, action, resource, detail, address)
    values (
      actor, 'credits.moved', 'user:' || for_user,
      jsonb_build_object('amount', amount, 'kind', kind, 'reference', reference, 'note', note), address
    );
  end if;
  return query select moved.outcome, moved.credited, moved.debited, moved.credits;
end;
$$;

-- Makes the account of a Supabase Auth user, once; new credits come with it. Called at each login, so that a
-- registration that a crash cut short is completed then.
create function public.register_user(for_user uuid, user_email text, signup_credits text, address text)
returns setof public.users
language plpgsql
set search_path = ''
as $$
begin
  insert into public.users (id, email) values (for_user, user_email) on conflict do nothing;
  if found then
    insert into public.audit_logs (user_id, action, resource, address)
    values (for_user, 'user.registered', 'user:' || for_user, address);
    if signup_credits::numeric > 0 then
      perform public.post_credits(for_user, signup_credits, 'grant', 'signup:' || for_user, 'Welcome');
    end if;
  end if;
  return query select u.* from public.users as u where u.id = for_user;
end;
$$;

-- Changes what an administrator may change of a user. Nothing when there is no such user.
create function public.change_user(for_user uuid, changes text, actor uuid, address text) returns setof public.users
language plpgsql
set search_path = ''
as $$
begin
  update public.users as u
  set
    role = coalesce(changes::jsonb ->> 'role', u.role),
    credit_line = case when changes::jsonb ? 'credit_line' then (changes::jsonb ->> 'credit_line')::numeric else u.credit_line end
  where u.id = for_user;
  if not found then
    return;
  end if;
  insert into public.audit_logs (user_id, action, resource, detail, address)
  values (actor, 'user.changed', 'user:' || for_user, changes::jsonb, address);
  return query select u.* from public.users as u where u.id = for_user;
end;
$$;

-- Deletes what is older than its retention; how many rows.
create function public.apply_audit_retention() returns integer
language sql
set search_path = ''
as $$
  with expired as (
    delete from public.audit_logs where "timestamp" < now() - interval '400 days' returning 1
  )
  select count(*)::integer from expired;
$$;

-- The first administrator, whose key may do everything.
create or replace function public.bootstrap_admin(admin_email text, key_name text, key_hash text, key_last4 text)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  admin_id uuid;
begin
  -- Several gateways may start at once.
  perform pg_advisory_xact_lock(7283946501);
  if exists (select from public.users) then
    -- True again for a repetition whose answer was lost.
    return exists (select from public.api_keys as k where k.key_hash = bootstrap_admin.key_hash);
  end if;
  insert into public.users (email, role, credit_line) values (admin_email, 'admin', null) returning id into admin_id;
  insert into public.api_keys (user_id, name, key_hash, last4, scopes)
  values (
    admin_id, bootstrap_admin.key_name, bootstrap_admin.key_hash, bootstrap_admin.key_last4, '{inference,keys,admin}'
  );
  return true;
end;
$$;

revoke all on public.audit_logs from anon, authenticated;
grant all on public.audit_logs to service_role;
revoke execute on function
  public.find_api_key, public.create_api_key, public.change_api_key, public.rotate_api_key, public.touch_api_keys,
  public.move_credits, public.register_user, public.change_user, public.apply_audit_retention
  from public, anon, authenticated;
grant execute on function
  public.find_api_key, public.create_api_key, public.change_api_key, public.rotate_api_key, public.touch_api_keys,
  public.move_credits, public.register_user, public.change_user, public.apply_audit_retention
  to service_role;
