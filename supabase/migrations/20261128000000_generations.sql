-- What happened to a call on its way, for GET /v1/generations/:id.

alter table public.user_transactions
  add column first_token_ms integer,
  -- The attempts, where there is more to tell than that the first one served the call.
  add column trace jsonb;

create or replace function public.settle_usage(records text)
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
      token_source, credits_used, cost, duration_ms, first_token_ms, trace, "timestamp"
    )
    select
      r.id, r.user_id, r.api_key_id, r.model_id, r.provider_id, r.endpoint, r.status, r.streamed, r.attempts, r.input_tokens,
      r.cache_read_tokens, r.cache_write_tokens, r.output_tokens, r.reasoning_tokens, r.audio_input_tokens,
      r.audio_output_tokens, r.token_source, r.credits_used, r.cost, r.duration_ms, r.first_token_ms, r.trace,
      r."timestamp"
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
