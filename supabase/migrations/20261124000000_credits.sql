-- Credits: a balance that is proven by a double-entry ledger, and what each key has spent of its budgets.

-- A balance is the difference of two figures that only grow. So whoever hears of both at different times keeps the
-- larger of each, and no older figure can undo a newer one.
alter table public.users drop column credits;
alter table public.users
  add column credited numeric(20, 9) not null default 0 check (credited >= 0),
  add column debited numeric(20, 9) not null default 0 check (debited >= 0),
  add column credit_line numeric(20, 9) default 0 check (credit_line >= 0),
  add column credits numeric(20, 9) generated always as (credited - debited) stored;
comment on column public.users.credit_line is 'How far below zero the balance may go; null is without limit.';
-- Who runs the gateway pays the providers, not the gateway.
update public.users set credit_line = null where role = 'admin';

alter table public.api_keys add column spent numeric(20, 9) not null default 0;
create index user_transactions_key on public.user_transactions (api_key_id, "timestamp");

create table public.credit_ledger (
  reference text primary key,
  kind text not null check (kind in ('usage', 'grant', 'top_up', 'refund', 'adjustment', 'carried')),
  user_id uuid not null,
  debit_account text not null,
  credit_account text not null check (credit_account <> debit_account),
  amount numeric(20, 9) not null check (amount > 0),
  note text,
  created_at timestamptz not null default now()
);
create index credit_ledger_user on public.credit_ledger (user_id, created_at desc, reference);
create index credit_ledger_time on public.credit_ledger (created_at);
comment on table public.credit_ledger is
  'Every movement of credits, once by its reference: so much from one account to the other. Accounts are user:<id>, revenue, grants, payments and adjustments.';
alter table public.credit_ledger enable row level security;

-- Writes usage records, each once however often it comes: the transaction, the ledger entry and the balance together.
-- They come as the text of a JSON array, with money as text in it, because JSON numbers lose digits. Gives back the
-- figures of every user that it heard of.
drop function public.settle_usage(text);
create function public.settle_usage(records text)
returns table (user_id uuid, credited text, debited text)
language plpgsql
set search_path = ''
as $$
begin
  -- One at a time: two gateways that touched the same users in another order would wait for each other.
  perform pg_advisory_xact_lock(7283946502);
  return query
  with given as materialized (
    select r.* from json_populate_recordset(null::public.user_transactions, records::json) as r
  ),
  settled as (
    insert into public.user_transactions (
      id, user_id, api_key_id, model_id, provider_id, endpoint, status, streamed, attempts, input_tokens,
      cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens,
      token_source, credits_used, cost, duration_ms, "timestamp"
    )
    select
      r.id, r.user_id, r.api_key_id, r.model_id, r.provider_id, r.endpoint, r.status, r.streamed, r.attempts, r.input_tokens,
      r.cache_read_tokens, r.cache_write_tokens, r.output_tokens, r.reasoning_tokens, r.audio_input_tokens,
      r.audio_output_tokens, r.token_source, r.credits_used, r.cost, r.duration_ms, r."timestamp"
    from given as r
    on conflict (id) do nothing
    returning
      user_transactions.id, user_transactions.user_id, user_transactions.api_key_id, user_transactions.credits_used,
      user_transactions."timestamp"
  ),
  entries as (
    insert into public.credit_ledger (reference, kind, user_id, debit_account, credit_account, amount, created_at)
    select 'usage:' || s.id, 'usage', s.user_id, 'user:' || s.user_id, 'revenue', s.credits_used, s."timestamp"
    from settled as s where s.credits_used > 0
    on conflict (reference) do nothing
    returning credit_ledger.user_id, credit_ledger.amount
  ),
  debits as (
    update public.users as u set debited = u.debited + d.amount
    from (select e.user_id, sum(e.amount) as amount from entries as e group by e.user_id) as d
    where u.id = d.user_id
    returning u.id, u.credited, u.debited
  ),
  keys as (
    update public.api_keys as k set spent = k.spent + d.amount
    from (select s.api_key_id, sum(s.credits_used) as amount from settled as s group by s.api_key_id) as d
    where k.id = d.api_key_id and d.amount > 0
    returning 1
  )
  select u.id, coalesce(d.credited, u.credited)::text, coalesce(d.debited, u.debited)::text
  from public.users as u
  left join debits as d on d.id = u.id
  where u.id in (select g.user_id from given as g);
end;
$$;

-- What admission has to know before a first call: the balance, and what the key spent in the running day, week and
-- month (of UTC) and in all.
create function public.spending_state(for_user uuid, for_key uuid)
returns table (credited text, debited text, credit_line text, day text, week text, month text, total text)
language sql stable
set search_path = ''
as $$
  with recent as (
    select
      coalesce(sum(t.credits_used) filter (where t."timestamp" >= date_trunc('day', now(), 'UTC')), 0) as day,
      coalesce(sum(t.credits_used) filter (where t."timestamp" >= date_trunc('week', now(), 'UTC')), 0) as week,
      coalesce(sum(t.credits_used) filter (where t."timestamp" >= date_trunc('month', now(), 'UTC')), 0) as month
    from public.user_transactions as t
    -- The week may have begun before the month.
    where t.api_key_id = for_key and t."timestamp" >= date_trunc('month', now(), 'UTC') - interval '7 days'
  )
  select
    u.credited::text, u.debited::text, u.credit_line::text, recent.day::text, recent.week::text, recent.month::text,
    coalesce((select k.spent from public.api_keys as k where k.id = for_key), 0)::text
  from public.users as u, recent
  where u.id = for_user;
$$;

-- Moves credits to a user (or, with an amount below zero, from one), once by the reference. The outcome is `posted`,
-- `repeated` (this very movement was made before), `conflict` (the reference belongs to another) or `unknown_user`.
create function public.post_credits(for_user uuid, amount text, kind text, reference text, note text)
returns table (outcome text, credited text, debited text, credits text)
language plpgsql
set search_path = ''
as $$
declare
  moved numeric(20, 9) := post_credits.amount::numeric(20, 9);
  outside text := case post_credits.kind when 'top_up' then 'payments' when 'grant' then 'grants' else 'adjustments' end;
  own text := 'user:' || post_credits.for_user;
  known public.credit_ledger;
begin
  -- Holds the user's row to the end, so that two of the same reference come one after the other.
  perform from public.users as u where u.id = post_credits.for_user for update;
  if not found then
    return query select 'unknown_user', null::text, null::text, null::text;
    return;
  end if;
  insert into public.credit_ledger as l (reference, kind, user_id, debit_account, credit_account, amount, note)
  values (
    post_credits.reference, post_credits.kind, post_credits.for_user,
    case when moved > 0 then outside else own end, case when moved > 0 then own else outside end, abs(moved),
    post_credits.note
  )
  on conflict on constraint credit_ledger_pkey do nothing
  returning l.* into known;
  if found then
    return query
    update public.users as u
    set credited = u.credited + greatest(moved, 0), debited = u.debited + greatest(-moved, 0)
    where u.id = post_credits.for_user
    returning 'posted', u.credited::text, u.debited::text, (u.credited - u.debited)::text;
    return;
  end if;
  select l.* into known from public.credit_ledger as l where l.reference = post_credits.reference;
  return query
  select
    case when known.user_id = post_credits.for_user and known.kind = post_credits.kind
      and known.amount = abs(moved) and (known.credit_account = own) = (moved > 0)
    then 'repeated' else 'conflict' end,
    u.credited::text, u.debited::text, u.credits::text
  from public.users as u where u.id = post_credits.for_user;
end;
$$;

-- A page of a user's movements, newest first; amounts are signed as the user sees them.
create function public.credit_statement(for_user uuid, before_time timestamptz, before_reference text, page integer)
returns table (reference text, kind text, amount text, note text, created_at timestamptz)
language sql stable
set search_path = ''
as $$
  select
    l.reference, l.kind,
    (case when l.credit_account = 'user:' || for_user then l.amount else -l.amount end)::text, l.note, l.created_at
  from public.credit_ledger as l
  where l.user_id = for_user
    and (before_time is null or (l.created_at, l.reference) < (before_time, before_reference))
  order by l.created_at desc, l.reference desc
  limit page;
$$;

-- Compares balances, ledger and transactions. Both figures are dollars and must be zero: what balances and ledger
-- differ by, and what ledger and transactions differ by (as far back as transactions are kept).
create function public.reconcile_credits() returns table (users bigint, balance_drift text, transaction_drift text)
language sql stable
set search_path = ''
as $$
  with ledger as (
    select
      l.user_id,
      sum(l.amount) filter (where l.credit_account = 'user:' || l.user_id) as credited,
      sum(l.amount) filter (where l.debit_account = 'user:' || l.user_id) as debited
    from public.credit_ledger as l group by l.user_id
  ),
  usage as (
    select coalesce(sum(abs(coalesce(l.amount, 0) - t.credits_used)), 0) as drift
    from public.user_transactions as t
    left join public.credit_ledger as l on l.reference = 'usage:' || t.id
    where t.credits_used <> coalesce(l.amount, 0) and t."timestamp" >= now() - interval '399 days'
  )
  select
    count(*),
    coalesce(sum(abs(u.credited - coalesce(l.credited, 0)) + abs(u.debited - coalesce(l.debited, 0))), 0)::text,
    (select usage.drift::text from usage)
  from public.users as u left join ledger as l on l.user_id = u.id;
$$;

-- Deletes what is older than its retention; how many rows. Old entries of the ledger are carried forward as their sum.
create or replace function public.apply_retention() returns integer
language plpgsql
set search_path = ''
as $$
declare
  horizon timestamptz := date_trunc('day', now() - interval '400 days', 'UTC');
  deleted integer;
begin
  delete from public.user_transactions as t where t."timestamp" < horizon;
  get diagnostics deleted = row_count;
  with old as (
    delete from public.credit_ledger as l where l.created_at < horizon and l.kind <> 'carried' returning l.*
  )
  insert into public.credit_ledger as l (reference, kind, user_id, debit_account, credit_account, amount, created_at)
  select
    'carried:' || old.debit_account || ':' || old.credit_account, 'carried', old.user_id, old.debit_account,
    old.credit_account, sum(old.amount), horizon
  from old group by old.user_id, old.debit_account, old.credit_account
  on conflict (reference) do update set amount = l.amount + excluded.amount, created_at = excluded.created_at;
  return deleted;
end;
$$;

revoke all on public.credit_ledger from anon, authenticated;
grant all on public.credit_ledger to service_role;
revoke execute on function
  public.settle_usage, public.spending_state, public.post_credits, public.credit_statement, public.reconcile_credits
  from public, anon, authenticated;
grant execute on function
  public.settle_usage, public.spending_state, public.post_credits, public.credit_statement, public.reconcile_credits
  to service_role;
