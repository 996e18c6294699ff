import { startDatabase, type DatabaseApplication } from './database.js';
import { findPostgres, startPostgres, type Postgres } from './postgres.js';

const programs = findPostgres();

/** One of the databases that a contract is tried on; it runs from before the first test until after the last. */
export interface Store {
  readonly database: DatabaseApplication;
  readonly postgresUrl: string;
  /** For what only PostgreSQL itself can do, such as two things at once. */
  readonly onPostgres: jest.It;
}

/** One contract, wherever it is stored: on PGlite, and on PostgreSQL where that is installed. */
export function describeStored(what: string, tests: (store: Store) => void): void {
  describe(`${what} in PGlite`, () => {
    tests(storeFor());
  });
  (programs === undefined ? describe.skip : describe)(`${what} in PostgreSQL`, () => {
    tests(storeFor(programs));
  });
}

function storeFor(bin?: string): Store {
  let postgres: Postgres | undefined;
  let database: DatabaseApplication | undefined;

  beforeAll(async () => {
    postgres = bin === undefined ? undefined : await startPostgres(bin);
    database = await startDatabase(postgres ? { DATABASE_URL: postgres.url } : {});
    await database.service.ready();
  }, 90_000);

  afterAll(async () => {
    await database?.stop();
    await postgres?.stop();
  });

  return {
    get database() {
      if (!database) throw new Error('The database runs while tests do.');
      return database;
    },
    get postgresUrl() {
      return postgres?.url ?? '';
    },
    onPostgres: bin === undefined ? it.skip : it,
  };
}
