import type { NestApplicationOptions } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppModule } from '../../src/app.module.js';
import { entranceOf } from '../../src/entrance.js';
import { readEnv, type Variables } from '../../src/config/env.js';
import { DataDirectory } from '../../src/platform/data-directory/data-directory.js';
import type { SupabaseBackend } from '../../src/platform/database/supabase-backend.js';
import { LogDestination } from '../../src/platform/logging/log-destination.js';
import { FrontDoor } from '../../src/platform/http/front-door.js';
import { QUIET_BACKGROUND } from './quiet-background.js';

// Each route reads its own body.
const OPTIONS: Pick<NestApplicationOptions, 'bodyParser'> = { bodyParser: false };

/** Never comes up: the gateway has to live without it. */
const ABSENT_DATABASE: SupabaseBackend = {
  name: 'pglite',
  jwtSecret: 'signs no token in these tests',
  begin: () => undefined,
  start: () => new Promise(() => undefined),
  stop: () => Promise.resolve(),
};

export interface RunningApplication {
  readonly app: NestExpressApplication;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The whole application in the test's own process, to look inside; it listens on a free port, without a database. */
export async function startApplication(
  variables: Variables,
  change: (builder: TestingModuleBuilder) => TestingModuleBuilder = (builder) => builder,
): Promise<RunningApplication> {
  const given = { LOG_LEVEL: 'silent', SANDBOX: 'off', ...QUIET_BACKGROUND, ...variables };
  const foundation = {
    env: readEnv(given),
    variables: given,
    log: new LogDestination(65_536),
    dataDirectory: await DataDirectory.open(mkdtempSync(join(tmpdir(), 'gatewayz-application-'))),
    backend: ABSENT_DATABASE,
  };
  const module = await change(Test.createTestingModule({ imports: [AppModule.on(foundation)] })).compile();
  const app = module.createNestApplication<NestExpressApplication>(OPTIONS);
  const door = new FrontDoor(() => ({}));
  door.open(await entranceOf(app));
  const port = await door.listen(0, '127.0.0.1');
  const close = async (): Promise<void> => {
    door.server.close();
    door.server.closeAllConnections();
    await app.close();
  };
  return { app, url: `http://127.0.0.1:${port}`, close };
}
