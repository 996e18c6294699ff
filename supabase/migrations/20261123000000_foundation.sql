-- Users, API keys, and what every call cost.

create table public.users (
  id uuid primary key default gen_random_uuid(),
  email text not null unique,
  role text not null default 'user' check (role in ('user', 'admin')),
  credits numeric(20, 9) not null default 0,
  created_at timestamptz not null default now()
);
comment on table public.users is 'Who has an account. The id is that of the Supabase Auth user, where there is one.';

create table public.api_keys (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.users (id) on delete cascade,
  name text not null,
  key_hash text not null unique,
  last4 text not null,
  active boolean not null default true,
  scopes text[] not null default '{}',
  allowed_models text[],
  allowed_ips text[],
  rate_limit integer,
  token_limit integer,
  concurrency_limit integer,
  budget jsonb,
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now()
);
create index api_keys_user on public.api_keys (user_id);
comment on table public.api_keys is 'API keys; of a key itself only an HMAC-SHA-256 and the last four characters are kept.';

create table public.user_transactions (
  id text primary key,
  user_id uuid not null,
  api_key_id uuid not null,
  model_id text not null,
  provider_id text not null,
  endpoint text not null,
  status text not null check (status in ('completed', 'cancelled', 'failed')),
  streamed boolean not null,
  attempts integer not null,
  input_tokens bigint not null default 0,
  cache_read_tokens bigint not null default 0,
  cache_write_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  reasoning_tokens bigint not null default 0,
  audio_input_tokens bigint not null default 0,
  audio_output_tokens bigint not null default 0,
  token_source text not null check (token_source in ('provider', 'counted', 'none')),
  credits_used numeric(20, 9) not null,
  cost numeric(20, 9) not null,
  duration_ms integer not null,
  "timestamp" timestamptz not null
);
create index user_transactions_user on public.user_transactions (user_id, "timestamp");
create index user_transactions_time on public.user_transactions ("timestamp");
comment on table public.user_transactions is
  'One row a call; the id is the request id. No foreign keys: a record of money outlives its user and its key.';

alter table public.users enable row level security;
alter table public.api_keys enable row level security;
alter table public.user_transactions enable row level security;

-- Writes usage records, each once however often it comes. They come as the text of a JSON array, with money as text in
-- it, because JSON numbers lose digits.
create function public.settle_usage(records text) returns integer
language sql
set search_path = ''
as $$
  with settled as (
    insert into public.user_transactions (
      id, user_id, api_key_id, model_id, provider_id, endpoint, status, streamed, attempts, input_tokens,
      cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens,
      token_source, credits_used, cost, duration_ms, "timestamp"
    )
    select
      r.id, r.user_id, r.api_key_id, r.model_id, r.provider_id, r.endpoint, r.status, r.streamed, r.attempts, r.input_tokens,
      r.cache_read_tokens, r.cache_write_tokens, r.output_tokens, r.reasoning_tokens, r.audio_input_tokens,
      r.audio_output_tokens, r.token_source, r.credits_used, r.cost, r.duration_ms, r."timestamp"
    from json_populate_recordset(null::public.user_transactions, records::json) as r
    on conflict (id) do nothing
    returning 1
  )
  select count(*)::integer from settled;
$$;

-- The first administrator with a key. False, and nothing done, when there is a user already.
create function public.bootstrap_admin(admin_email text, key_name text, key_hash text, key_last4 text) returns boolean
language plpgsql
set search_path = ''
as $$
declare
  admin_id uuid;
begin
  -- Several gateways may start at once.
  perform pg_advisory_xact_lock(7283946501);
  if exists (select from public.users) then
    return false;
  end if;
  insert into public.users (email, role) values (admin_email, 'admin') returning id into admin_id;
  insert into public.api_keys (user_id, name, key_hash, last4)
  values (admin_id, bootstrap_admin.key_name, bootstrap_admin.key_hash, bootstrap_admin.key_last4);
  return true;
end;
$$;

-- Deletes what is older than its retention; how many rows.
create function public.apply_retention() returns integer
language sql
set search_path = ''
as $$
  with expired as (
    delete from public.user_transactions where "timestamp" < now() - interval '400 days' returning 1
  )
  select count(*)::integer from expired;
$$;

-- Only the gateway's secret key may touch any of it.
revoke all on public.users, public.api_keys, public.user_transactions from anon, authenticated;
grant all on public.users, public.api_keys, public.user_transactions to service_role;
revoke execute on function public.settle_usage, public.bootstrap_admin, public.apply_retention from public, anon, authenticated;
grant execute on function public.settle_usage, public.bootstrap_admin, public.apply_retention to service_role;
