import connect from 'postgres';
import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { DatabaseUnavailableError } from '../../../src/platform/database/database-errors.js';
import { startDatabase, type DatabaseApplication } from '../../support/database.js';
import { eventually } from '../../support/gateway.js';
import { findPostgres, freePort, startPostgres, type Postgres } from '../../support/postgres.js';

const programs = findPostgres();
const whereItIs = programs === undefined ? it.skip : it;

describe('a database that is away', () => {
  const endings: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });

  const start = async (variables: Record<string, string>): Promise<DatabaseApplication> => {
    const database = await startDatabase(variables);
    endings.push(() => database.stop());
    return database;
  };
  const startServer = async (port?: number): Promise<Postgres> => {
    const server = await startPostgres(programs ?? '', port);
    endings.push(() => server.stop());
    return server;
  };
  const reads = ({ service }: DatabaseApplication) =>
    service.query({ table: 'users', operation: 'select' }, (client) => client.from('users').select('id'));

  whereItIs('is looked for three times, is down then, and is found when it comes', async () => {
    const port = await freePort();
    const database = await start({ DATABASE_URL: `postgres://gatewayz@127.0.0.1:${port}/postgres` });
    expect(database.service.state).toBe('starting');
    await expect(reads(database)).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await eventually(() => {
      expect(database.service.state).toBe('down');
    });
    expect(database.complaints.map((complaint) => /cannot be reached|is down/.exec(complaint)?.[0])).toEqual([
      ...['cannot be reached', 'cannot be reached', 'cannot be reached', 'is down'],
    ]);
    await startServer(port);
    await database.service.ready();
    expect(await reads(database)).toEqual([]);
    expect(database.complaints).toHaveLength(4);
  });

  it('does not keep the gateway from ending', async () => {
    const database = await start({ DATABASE_URL: `postgres://gatewayz@127.0.0.1:${await freePort()}/postgres` });
    const waiting = database.service.ready();
    const startedAt = performance.now();
    await Promise.all([expect(waiting).rejects.toBeInstanceOf(DatabaseUnavailableError), database.stop()]);
    await expect(database.service.ready()).rejects.toBeInstanceOf(DatabaseUnavailableError);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  whereItIs('comes back when the server cut its connections', async () => {
    const server = await startServer();
    const database = await start({ DATABASE_URL: server.url });
    await database.service.ready();
    await Promise.all(Array.from({ length: 10 }, () => reads(database)));
    const sql = connect(server.url, { max: 1 });
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = 'postgres'`;
    await sql.end();
    await reads(database).catch((error: unknown) => {
      expect(error).toBeInstanceOf(DatabaseUnavailableError);
    });
    await eventually(async () => {
      expect(await reads(database)).toEqual([]);
    });
  });

  whereItIs('is prepared by one of several gateways that start at once', async () => {
    const server = await startServer();
    const gateways = await Promise.all(Array.from({ length: 4 }, () => start({ DATABASE_URL: server.url })));
    await Promise.all(gateways.map(({ service }) => service.ready()));
    expect(gateways.flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  whereItIs('may belong to an account that is no superuser', async () => {
    const server = await startServer();
    const sql = connect(server.url, { max: 1 });
    await sql`create role tenant login createrole`;
    await sql`create database tenant owner tenant`;
    await sql.end();
    const database = await start({
      DATABASE_URL: server.url.replace('gatewayz@', 'tenant@').replace(/postgres$/, 'tenant'),
    });
    await database.service.ready();
    expect(
      await database.service.query({ table: 'users', operation: 'insert' }, (client) =>
        client.from('users').insert({ email: 'tenant@example.com' }).select('role'),
      ),
    ).toEqual([{ role: 'user' }]);
  });

  describe('at a hosted Supabase', () => {
    const startHosted = async (answer: RequestListener): Promise<string> => {
      const server: Server = createServer(answer).listen(0, '127.0.0.1');
      await once(server, 'listening');
      endings.push(async () => {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    };
    const startOn = async (answer: RequestListener) =>
      start({ SUPABASE_URL: await startHosted(answer), SUPABASE_SECRET_KEY: 'a key', DATABASE_TIMEOUT_MS: '200' });

    it('is told apart from one whose migrations are missing, with what to do', async () => {
      const database = await startOn((_request, response) => {
        response.writeHead(404, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ code: 'PGRST205', message: 'no such table' }));
      });
      await eventually(() => {
        expect(database.complaints.join()).toContain('supabase db push');
      });
    });

    it('is given up at the deadline, and found when it answers again', async () => {
      let isAnswering = true;
      const database = await startOn((_request, response) => {
        if (isAnswering) response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
      });
      await database.service.ready();
      isAnswering = false;
      const startedAt = performance.now();
      await expect(reads(database)).rejects.toBeInstanceOf(DatabaseUnavailableError);
      expect(performance.now() - startedAt).toBeLessThan(1_000);
      await eventually(() => {
        expect(database.service.state).toBe('down');
      });
      isAnswering = true;
      await eventually(() => {
        expect(database.service.state).toBe('up');
      });
      expect(database.complaints).toHaveLength(1);
    });

    it.each([
      ['57014', 500, 'unavailable'],
      ['40001', 500, 'unavailable'],
      ['PGRST002', 503, 'unavailable'],
      ['P0001', 500, 'internal'],
      ['23514', 400, 'internal'],
      ['42501', 403, 'internal'],
    ])('answers %s with %i, which is %s', async (code, status, kind) => {
      let isUp = false;
      const database = await startOn((_request, response) => {
        response.writeHead(isUp ? status : 200, { 'content-type': 'application/json' });
        response.end(isUp ? JSON.stringify({ code, message: 'no' }) : '[]');
        isUp = true;
      });
      await database.service.ready();
      await expect(reads(database)).rejects.toMatchObject({ kind });
    });
  });
});
