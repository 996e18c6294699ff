import { appliedVersions, ensureHistoryTable, type Connection } from '@supabase/lite';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { admitServiceRole, createRoles } from './roles.js';

interface Migration {
  readonly version: string;
  readonly name: string;
  readonly sql: string;
}

/**
 * Applies what of `supabase/migrations` the database lacks, in order, each in a transaction of its own with its row in
 * the history that the Supabase CLI keeps too. Only one may do so at a time. How many were applied.
 */
export async function migrate(connection: Connection, folder: string): Promise<number> {
  await createRoles(connection);
  await ensureHistoryTable(connection);
  const applied = new Set(await appliedVersions(connection));
  const pending = readMigrations(folder).filter(({ version }) => !applied.has(version));
  for (const migration of pending) await apply(connection, migration);
  await admitServiceRole(connection);
  return pending.length;
}

async function apply(connection: Connection, migration: Migration): Promise<void> {
  try {
    await connection.exec(asOneTransaction(migration));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Migration ${migration.version}_${migration.name} failed: ${reason}`, { cause });
  }
}

function asOneTransaction({ version, name, sql }: Migration): string {
  const body = literal(sql);
  return `do $migration$
begin
  execute ${body};
  insert into supabase_migrations.schema_migrations (version, name, statements)
  values (${literal(version)}, ${literal(name)}, array[${body}]);
end;
$migration$;`;
}

function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder).filter((name) => /^\d{14}_.+\.sql$/.test(name));
  return names.sort().map((file) => ({
    version: file.slice(0, 14),
    name: file.slice(15, -4),
    sql: readFileSync(join(folder, file), 'utf8'),
  }));
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
