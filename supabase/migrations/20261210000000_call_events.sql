-- Events of calls are made where the calls are settled, of what the transactions say: the gateways need not tell the same
-- three times, and no event is lost or late.

-- Whether the running settlement wants events; a transaction that nobody asked has them.
create function public.keep_call_events() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if current_setting('gatewayz.call_events', true) = 'off' then
    return null;
  end if;
  insert into public.analytics_events (user_id, source, id, api_key_id, name, properties, "timestamp")
  select s.user_id, 'gateway', s.id || ':' || e.name, s.api_key_id, e.name, e.properties, s."timestamp"
  from settled as s
  cross join lateral (
    select jsonb_build_object('request_id', s.id, 'model', s.model_id, 'provider', s.provider_id) as call
  ) as c
  cross join lateral (values
    ('inference', c.call || jsonb_strip_nulls(jsonb_build_object(
      'endpoint', s.endpoint, 'status', s.status, 'streamed', s.streamed, 'attempts', s.attempts,
      'duration_ms', s.duration_ms, 'first_token_ms', s.first_token_ms, 'input_tokens', s.input_tokens,
      'cache_read_tokens', s.cache_read_tokens, 'cache_write_tokens', s.cache_write_tokens,
      'output_tokens', s.output_tokens, 'reasoning_tokens', s.reasoning_tokens,
      'audio_input_tokens', s.audio_input_tokens, 'audio_output_tokens', s.audio_output_tokens,
      'token_source', s.token_source
    ))),
    ('cost', c.call || jsonb_build_object('credits_used', s.credits_used::text, 'cost', s.cost::text))
  ) as e (name, properties)
  -- Events go with their user; records of money outlive it.
  where exists (select from public.users as u where u.id = s.user_id)
  on conflict (user_id, source, id) do nothing;
  return null;
end;
$$;
create trigger keep_call_events after insert on public.user_transactions
referencing new table as settled for each statement execute function public.keep_call_events();

-- As before, and says whether the calls are to have events.
alter function public.settle_usage(text) rename to settle_records;
create function public.settle_usage(records text, call_events boolean default true)
returns table (user_id uuid, credited text, debited text)
language plpgsql
set search_path = ''
as $$
begin
  perform set_config('gatewayz.call_events', case when call_events then 'on' else 'off' end, true);
  return query select s.user_id, s.credited, s.debited from public.settle_records(records) as s;
end;
$$;

revoke execute on function public.keep_call_events, public.settle_usage from public, anon, authenticated;
grant execute on function public.settle_usage to service_role;
