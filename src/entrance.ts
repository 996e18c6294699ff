import { Logger as NestLogger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Logger } from 'nestjs-pino';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DiscoveryService } from '@nestjs/core';
import { accessOf } from './auth/access.js';
import { AccessGuard } from './auth/guards/access.guard.js';
import { ENV, type Env } from './config/env.js';
import { allowEveryOrigin, answerPreflight, isPreflight } from './platform/http/cross-origin.js';
import { adoptPrototypes, type ExpressListener } from './platform/http/express-messages.js';
import type { Application } from './platform/http/front-door.js';
import { fastRoutes, type FastRoute, type PlainHandler } from './platform/http/fast-lane.js';
import { HttpErrorFilter } from './platform/http/http-error.filter.js';
import { RequestObserver } from './platform/http/request-observer.js';

/** What main and the tests do alike with a fresh application. What it gives back is to be put behind the door. */
export async function entranceOf(app: NestExpressApplication): Promise<Application> {
  app.useLogger(app.get(Logger));
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', app.get<Env>(ENV).TRUST_PROXY);
  await app.init();
  const express = app.getHttpAdapter().getInstance() as ExpressListener;
  adoptPrototypes(express);
  const observer = app.get(RequestObserver);
  const fastLane = fastLaneOf(app);
  return (request, response) => {
    observer.observe(request, response);
    allowEveryOrigin(request, response);
    if (isPreflight(request)) {
      answerPreflight(request, response);
      return;
    }
    const fast = request.method === 'POST' ? fastLane.get(request.url ?? '') : undefined;
    if (fast)
      fast(request, response).catch((error: unknown) => {
        giveUp(error, response);
      });
    else express(request, response);
  };
}

/** Not even its error could be answered; the process has others to serve. */
function giveUp(error: unknown, response: ServerResponse): void {
  new NestLogger('Entrance').error({ err: error }, 'a request could not be answered');
  response.destroy();
}

function fastLaneOf(app: NestExpressApplication): ReadonlyMap<string, PlainHandler> {
  const guard = app.get(AccessGuard);
  const filter = app.get(HttpErrorFilter);
  const guarded = ({ controller, method, handle }: FastRoute): PlainHandler => {
    const access = accessOf({ getHandler: () => method, getClass: () => controller });
    return async (request, response) => {
      try {
        await guard.letIn(request, access);
        await handle(request, response);
      } catch (error) {
        filter.answer(error, request, response);
      }
    };
  };
  const routes = fastRoutes(app.get(DiscoveryService));
  return new Map(routes.map((route) => [route.path, guarded(route)]));
}
