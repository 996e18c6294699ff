import type { Connection } from '@supabase/lite';

/**
 * Creates the roles that Supabase has from the start, and that migrations therefore name, and lets the account that we
 * are use them.
 */
export async function createRoles(connection: Connection): Promise<void> {
  await connection.exec([...['anon', 'authenticated'].map(createRole), CREATE_SERVICE_ROLE, USE_ROLES].join('\n'));
}

/**
 * Where row-level security cannot be bypassed (only a superuser may allow that), a policy lets the service role in to
 * our tables, and still nobody else.
 */
export async function admitServiceRole(connection: Connection): Promise<void> {
  await connection.exec(ADMIT_SERVICE_ROLE);
}

/** Another database of the same server may have brought the role, in this very moment too. */
function createRole(name: string): string {
  return `do $role$
begin
  if not exists (select from pg_roles where rolname = '${name}') then
    create role ${name} nologin noinherit;
  end if;
exception when duplicate_object or unique_violation then null;
end;
$role$;`;
}

const CREATE_SERVICE_ROLE = `do $role$
begin
  if not exists (select from pg_roles where rolname = 'service_role') then
    create role service_role nologin noinherit bypassrls;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    create role service_role nologin noinherit;
end;
$role$;`;

/** Whoever creates a role may not take it on by that alone. */
const USE_ROLES = `do $role$
begin
  set local role service_role;
  reset role;
exception when insufficient_privilege then
  grant anon, authenticated, service_role to current_user;
end;
$role$;`;

const ADMIT_SERVICE_ROLE = `do $policy$
declare
  guarded name;
begin
  if (select rolbypassrls or rolsuper from pg_roles where rolname = 'service_role') then
    return;
  end if;
  for guarded in
    select relname from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relrowsecurity
      and pg_has_role(relowner, 'usage')
      and not exists (select from pg_policy where polrelid = pg_class.oid and polname = 'service_role_enters')
  loop
    execute format('create policy service_role_enters on public.%I to service_role using (true) with check (true)', guarded);
  end loop;
end;
$policy$;`;
