-- What was said, for those who want it kept: off unless the operator switches it on.

create table public.chat_history (
  request_id text primary key,
  user_id uuid not null references public.users (id) on delete cascade,
  conversation_id text not null,
  api_key_id uuid not null,
  model_id text not null,
  messages jsonb not null,
  tokens_used bigint not null,
  created_at timestamptz not null
);
create index chat_history_conversations on public.chat_history (user_id, conversation_id, created_at, request_id)
  include (model_id, tokens_used);
create index chat_history_time on public.chat_history (created_at);
comment on table public.chat_history is
  'One row a call: the messages of its request, and the reply behind them. It goes with its user.';
alter table public.chat_history enable row level security;

-- Writes entries, each once however often it comes. They come as the text of a JSON array.
create function public.keep_chat_history(entries text) returns integer
language sql
set search_path = ''
as $$
  with kept as (
    insert into public.chat_history (
      request_id, user_id, conversation_id, api_key_id, model_id, messages, tokens_used, created_at
    )
    select
      e.request_id, e.user_id, e.conversation_id, e.api_key_id, e.model_id, e.messages, e.tokens_used, e.created_at
    from json_populate_recordset(null::public.chat_history, entries::json) as e
    on conflict (request_id) do nothing
    returning 1
  )
  select count(*)::integer from kept;
$$;

-- A user's conversations, the one with the newest call first; or those behind one of them.
create function public.chat_conversations(for_user uuid, before_time timestamptz, before_id text, page integer)
returns table (
  conversation_id text, model_id text, requests integer, tokens_used bigint, created_at timestamptz, updated_at timestamptz
)
language sql stable
set search_path = ''
as $$
  select
    h.conversation_id, (array_agg(h.model_id order by h.created_at desc))[1], count(*)::integer,
    sum(h.tokens_used)::bigint, min(h.created_at), max(h.created_at)
  from public.chat_history as h
  where h.user_id = for_user
  group by h.conversation_id
  having before_time is null or (max(h.created_at), h.conversation_id) < (before_time, before_id)
  order by max(h.created_at) desc, h.conversation_id desc
  limit page;
$$;

-- The calls of one conversation, the oldest first; or those behind one of them.
create function public.chat_conversation(
  for_user uuid, conversation text, after_time timestamptz, after_request text, page integer
)
returns table (request_id text, model_id text, messages jsonb, tokens_used bigint, created_at timestamptz)
language sql stable
set search_path = ''
as $$
  select h.request_id, h.model_id, h.messages, h.tokens_used, h.created_at
  from public.chat_history as h
  where h.user_id = for_user and h.conversation_id = conversation
    and (after_time is null or (h.created_at, h.request_id) > (after_time, after_request))
  order by h.created_at, h.request_id
  limit page;
$$;

-- Deletes one conversation of a user, or all when none is named; how many calls that were.
create function public.forget_chat_history(for_user uuid, conversation text) returns integer
language sql
set search_path = ''
as $$
  with forgotten as (
    delete from public.chat_history as h
    where h.user_id = for_user and (conversation is null or h.conversation_id = conversation)
    returning 1
  )
  select count(*)::integer from forgotten;
$$;

-- Deletes what is older than its retention; how many rows.
create function public.apply_chat_history_retention() returns integer
language sql
set search_path = ''
as $$
  with expired as (
    delete from public.chat_history where created_at < now() - interval '90 days' returning 1
  )
  select count(*)::integer from expired;
$$;

revoke all on public.chat_history from anon, authenticated;
grant all on public.chat_history to service_role;
revoke execute on function public.keep_chat_history, public.chat_conversations, public.chat_conversation,
  public.forget_chat_history, public.apply_chat_history_retention from public, anon, authenticated;
grant execute on function public.keep_chat_history, public.chat_conversations, public.chat_conversation,
  public.forget_chat_history, public.apply_chat_history_retention to service_role;
