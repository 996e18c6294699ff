import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { AppModule } from './app.module.js';
import { FirstAdminService } from './auth/services/first-admin.service.js';
import { CatalogService } from './catalog/services/catalog.service.js';
import { Drain } from './platform/http/drain.js';
import { LogDestination } from './platform/logging/log-destination.js';
import type { Foundation } from './platform/platform.module.js';
import { setUp } from './set-up.js';
import { welcome } from './welcome.js';

/** Listens first; the database and everything else may come up later. */
export async function runGateway(foundation: Omit<Foundation, 'log'>): Promise<void> {
  const { env } = foundation;
  const log = new LogDestination(env.LOG_BUFFER_BYTES);
  process.once('exit', () => {
    log.close();
  });
  const app = await NestFactory.create<NestExpressApplication>(AppModule.on({ ...foundation, log }), {
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
