import type { NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { FirstAdminService } from './auth/services/first-admin.service.js';
import { CatalogService } from './catalog/services/catalog.service.js';
import { entranceOf } from './entrance.js';
import { Drain } from './platform/http/drain.js';
import type { FrontDoor } from './platform/http/front-door.js';
import { LogDestination } from './platform/logging/log-destination.js';
import { collectGarbage } from './platform/memory/collect-garbage.js';
import type { Foundation } from './platform/platform.module.js';
import { firstSteps, greeting } from './welcome.js';

const OPTIONS: Pick<NestApplicationOptions, 'bodyParser' | 'bufferLogs' | 'abortOnError'> = {
  // Each route reads its own body.
  bodyParser: false,
  bufferLogs: true,
  abortOnError: false,
};

/** Brings up the application behind a door that listens already; the database may come up later. */
export async function runGateway(foundation: Omit<Foundation, 'log'>, door: FrontDoor, port: number): Promise<void> {
  const { env } = foundation;
  const log = new LogDestination(env.LOG_BUFFER_BYTES);
  process.once('exit', () => {
    log.closeAtOnce();
  });
  const app = await NestFactory.create<NestExpressApplication>(AppModule.on({ ...foundation, log }), OPTIONS);
  endOnSignals(app, door, log);
  const entrance = await entranceOf(app);
  collectGarbage();
  door.open(entrance);
  await sayWelcome(app, port);
}

/** First the calls under way, then what they left in the journal, then the database, then the log of it all. */
function endOnSignals(app: NestExpressApplication, door: FrontDoor, log: LogDestination): void {
  const end = async (): Promise<void> => {
    await app.get(Drain).drain(door);
    await app.close();
    await log.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void end());
  process.once('SIGINT', () => void end());
}

async function sayWelcome(app: NestExpressApplication, port: number): Promise<void> {
  const url = `http://localhost:${port}`;
  process.stdout.write(greeting(url));
  // Waits for the database, however long that takes.
  const firstKey = await app.get(FirstAdminService).key;
  const [model] = app.get(CatalogService).all();
  process.stdout.write(firstSteps({ url, firstKey, model: model?.id }));
}
