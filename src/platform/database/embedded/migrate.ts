import { appliedVersions, ensureHistoryTable, type Connection } from '@supabase/lite';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Migration {
  readonly version: string;
  readonly name: string;
  readonly sql: string;
}

/** The roles that Supabase has from the start, and that migrations therefore name. */
const ROLES: readonly [name: string, attributes: string][] = [
  ['anon', 'nologin noinherit'],
  ['authenticated', 'nologin noinherit'],
  ['service_role', 'nologin noinherit bypassrls'],
];

/** Several gateways may start on one PostgreSQL at once. */
const MIGRATION_LOCK = 4_711_200_345;

/**
 * Applies what of `supabase/migrations` the database lacks, in order, each in a transaction of its own with its row in
 * the history that the Supabase CLI keeps too. How many were applied.
 */
export async function migrate(connection: Connection, folder: string): Promise<number> {
  await connection.exec(ROLES.map(([name, attributes]) => createRole(name, attributes)).join('\n'));
  await ensureHistoryTable(connection);
  const applied = new Set(await appliedVersions(connection));
  const pending = readMigrations(folder).filter(({ version }) => !applied.has(version));
  for (const migration of pending) await connection.exec(asOneTransaction(migration));
  return pending.length;
}

/** A gateway that had to wait finds the version recorded, and its transaction does nothing. */
function asOneTransaction({ version, name, sql }: Migration): string {
  const body = literal(sql);
  return `do $migration$
begin
  perform pg_advisory_xact_lock(${MIGRATION_LOCK});
  if not exists (select from supabase_migrations.schema_migrations where version = ${literal(version)}) then
    execute ${body};
    insert into supabase_migrations.schema_migrations (version, name, statements)
    values (${literal(version)}, ${literal(name)}, array[${body}]);
  end if;
end;
$migration$;`;
}

function createRole(name: string, attributes: string): string {
  return `do $role$
begin
  create role ${name} ${attributes};
exception when duplicate_object or unique_violation then null;
end;
$role$;`;
}

function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder).filter((name) => /^\d{14}_\w+\.sql$/.test(name));
  return names.sort().map((file) => ({
    version: file.slice(0, 14),
    name: file.slice(15, -4),
    sql: readFileSync(join(folder, file), 'utf8'),
  }));
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
