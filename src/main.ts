import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { AppModule } from './app.module.js';
import { FirstAdminService } from './auth/services/first-admin.service.js';
import { InvalidEnvironmentError, loadVariables, readEnv } from './config/env.js';
import { CatalogService } from './catalog/services/catalog.service.js';
import { DataDirectory } from './platform/data-directory/data-directory.js';
import { DirectoryInUseError } from './platform/data-directory/directory-lock.js';
import { Drain } from './platform/http/drain.js';
import { LogDestination } from './platform/logging/log-destination.js';
import { setUp } from './set-up.js';
import { welcome } from './welcome.js';

await start().catch((error: unknown) => {
  const isExpected = error instanceof InvalidEnvironmentError || error instanceof DirectoryInUseError || isAddressInUse(error);
  const text = error instanceof Error ? (isExpected ? error.message : error.stack) : String(error);
  process.stderr.write(`GatewayZ cannot start.\n${text}\n`);
  process.exit(1);
});

/** Listens first; the database and everything else may come up later. */
async function start(): Promise<void> {
  const variables = loadVariables();
  const env = readEnv(variables);
  const dataDirectory = await DataDirectory.open(env.GATEWAYZ_DATA_DIR);
  const log = new LogDestination(env.LOG_BUFFER_BYTES);
  process.once('exit', () => {
    log.close();
  });
  const app = await NestFactory.create<NestExpressApplication>(AppModule.on({ env, variables, log, dataDirectory }), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  setUp(app);
  endOnSignals(app);
  await app.listen(env.PORT, env.HOST);
  await sayWelcome(app);
}

/** First the calls under way, then what they left in the journal, then the database. */
function endOnSignals(app: NestExpressApplication): void {
  const end = async (): Promise<void> => {
    await app.get(Drain).drain(app.getHttpServer() as Server);
    await app.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void end());
  process.once('SIGINT', () => void end());
}

async function sayWelcome(app: NestExpressApplication): Promise<void> {
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  const firstKey = await app.get(FirstAdminService).key;
  const [model] = app.get(CatalogService).all();
  process.stdout.write(welcome({ url: `http://localhost:${port}`, firstKey, model: model?.id }));
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
