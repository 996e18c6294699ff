-- A client that asks for what nobody can serve is no fault of a provider or model: such calls are failures of its key alone.

-- As before, but for the last of the facts, and for tokens: of all kinds, as prompts that begin to be cached use no fewer.
create or replace function public.usage_series(at_time timestamptz, recent_ms bigint, days integer, around_ms bigint) returns text
language sql stable
set search_path = ''
as $$
  with windows as (
    select at_time - recent_ms * interval '1 millisecond' as from_time, at_time + interval '5 minutes' as to_time
    union all
    select
      at_time - d * interval '1 day' - around_ms * interval '1 millisecond',
      at_time - d * interval '1 day' + (around_ms + 300000) * interval '1 millisecond'
    from generate_series(1, days) as d
  ),
  facts as (
    select
      date_bin('5 minutes', u.minute, 'epoch') as bucket, u.provider_id, u.model_id, u.api_key_id, u.requests,
      case u.status when 'completed' then u.requests else 0 end as completed,
      case u.status when 'failed' then u.requests else 0 end as failed,
      case u.status when 'completed' then u.duration_ms else 0 end as duration_ms,
      u.input_tokens + u.cache_read_tokens + u.cache_write_tokens + u.audio_input_tokens as input_tokens,
      u.output_tokens + u.reasoning_tokens + u.audio_output_tokens as output_tokens, u.cost
    from windows as w
    join public.usage_by_minute as u on u.minute >= w.from_time and u.minute < w.to_time
    union all
    select
      date_bin('5 minutes', t."timestamp", 'epoch'), a.value ->> 'provider', a.value ->> 'model', null, 1, 0, 1, 0, 0, 0, 0
    from windows as w
    join public.user_transactions as t on t."timestamp" >= w.from_time and t."timestamp" < w.to_time and t.trace is not null
    cross join lateral jsonb_array_elements(t.trace -> 'attempts') with ordinality as a (value, place)
    where a.value ->> 'status' = 'failed'
      -- The last one of a call that failed is counted with the call.
      and not (t.status = 'failed' and a.place = jsonb_array_length(t.trace -> 'attempts'))
    union all
    -- A request that nobody could serve speaks against its key alone.
    select date_bin('5 minutes', t."timestamp", 'epoch'), t.provider_id, t.model_id, null, 0, 0, -1, 0, 0, 0, 0
    from windows as w
    join public.user_transactions as t on t."timestamp" >= w.from_time and t."timestamp" < w.to_time
    where t.status = 'failed' and t.trace -> 'attempts' -> -1 ->> 'reason' = 'request'
  ),
  summed as (
    select
      case when grouping(f.api_key_id) = 0 then 'key' when grouping(f.model_id) = 0 then 'model' else 'provider' end as kind,
      f.provider_id, f.model_id, f.api_key_id, f.bucket,
      json_build_object(
        'at', (extract(epoch from f.bucket) * 1000)::bigint, 'requests', sum(f.requests), 'completed', sum(f.completed),
        'failed', sum(f.failed), 'durationMs', sum(f.duration_ms), 'inputTokens', sum(f.input_tokens),
        'outputTokens', sum(f.output_tokens), 'cost', sum(f.cost)::double precision
      ) as point
    from facts as f
    group by grouping sets (
      (f.bucket, f.provider_id), (f.bucket, f.provider_id, f.model_id), (f.bucket, f.api_key_id)
    )
  ),
  series as (
    select s.kind, s.provider_id, s.model_id, s.api_key_id, json_agg(s.point) as points
    from summed as s
    where s.kind <> 'key' or s.api_key_id is not null
    group by s.kind, s.provider_id, s.model_id, s.api_key_id
  )
  select coalesce(
    json_agg(json_build_object(
      'kind', s.kind, 'providerId', s.provider_id, 'modelId', s.model_id, 'apiKeyId', s.api_key_id, 'points', s.points
    )), '[]'
  )::text
  from series as s;
$$;
