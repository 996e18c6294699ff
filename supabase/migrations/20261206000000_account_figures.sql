
-- What monitoring shows of all accounts: keys by how they are; users, and the credits that they hold, by how they pay.
create function public.account_figures()
returns table (figure text, label text, amount text)
language sql stable
set search_path = ''
as $$
  with plans as (
    select
      case when u.credit_line is null then 'unlimited' when u.credit_line > 0 then 'postpaid' else 'prepaid' end as plan,
      count(*) as users, sum(u.credits) as credits
    from public.users as u
    group by 1
  )
  select
    'keys', case when not k.active then 'revoked' when k.expires_at <= now() then 'expired' else 'active' end,
    count(*)::text
  from public.api_keys as k
  group by 2
  union all
  select 'users', p.plan, p.users::text from plans as p
  union all
  select 'credits', p.plan, p.credits::text from plans as p;
$$;

revoke execute on function public.account_figures from public, anon, authenticated;
grant execute on function public.account_figures to service_role;
