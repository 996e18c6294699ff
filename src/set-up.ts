import type { IncomingMessage, ServerResponse } from 'node:http';
import { Logger } from 'nestjs-pino';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ENV, type Env } from './config/env.js';
import { allowEveryOrigin } from './platform/http/cross-origin.js';
import { RequestObserver } from './platform/http/request-observer.js';

/** What main and the tests do alike with a fresh application. */
export function setUp(app: NestExpressApplication): void {
  app.useLogger(app.get(Logger));
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', app.get<Env>(ENV).TRUST_PROXY);
  const observer = app.get(RequestObserver);
  app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    observer.observe(request, response);
    allowEveryOrigin(request, response, next);
  });
}
