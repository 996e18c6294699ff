import type { Connection } from '@supabase/lite';

/** Runs a task while nobody else runs one on the same database. */
export type Exclusively = <Result>(task: () => Promise<Result>) => Promise<Result>;

export interface OpenedDatabase {
  readonly connection: Connection;
  readonly exclusively: Exclusively;
}

/** The same number in every gateway, and in nothing else. */
const PREPARATION_LOCK = 4_711_200_345;
const CONNECT_TIMEOUT_SECONDS = 10;

export async function openPostgres(url: string): Promise<OpenedDatabase> {
  const { createPostgresConnection } = await import('@supabase/lite/postgres');
  const connection = createPostgresConnection({
    url,
    // "Exists already, skipping" is no news.
    postgresOptions: { connect_timeout: CONNECT_TIMEOUT_SECONDS, onnotice: () => undefined },
  });
  const exclusively: Exclusively = async (task) => {
    // A transaction's lock is freed with it, even behind a pooler that hands the session to somebody else.
    const holder = await connection.driver.reserve();
    try {
      await holder`begin`;
      await holder`select pg_advisory_xact_lock(${PREPARATION_LOCK})`;
      return await task();
    } finally {
      await holder`rollback`;
      holder.release();
    }
  };
  return { connection, exclusively };
}
