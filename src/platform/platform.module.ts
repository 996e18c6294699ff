import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import { stdSerializers } from 'pino';
import { ENV, VARIABLES, type Env, type Variables } from '../config/env.js';
import { DataDirectory } from './data-directory/data-directory.js';
import { DatabaseModule } from './database/database.module.js';
import { SUPABASE_BACKEND, type SupabaseBackend } from './database/supabase-backend.js';
import { Drain } from './http/drain.js';
import { HttpErrorFilter } from './http/http-error.filter.js';
import { HttpMetrics } from './http/http.metrics.js';
import { RequestLog } from './http/request-log.js';
import { RequestObserver } from './http/request-observer.js';
import { RouteTable } from './http/route-table.js';
import { LogDestination } from './logging/log-destination.js';
import { CachesService } from './cache/caches.service.js';
import { MetricsRegistry } from './metrics/metrics-registry.js';
import { SystemMetrics } from './metrics/system.metrics.js';
import { RedisModule } from './redis/redis.module.js';
import { SchedulingModule } from './scheduling/scheduling.module.js';

/** What has to exist before the application: main makes it, tests make their own. */
export interface Foundation {
  readonly env: Env;
  readonly variables: Variables;
  readonly log: LogDestination;
  readonly dataDirectory: DataDirectory;
  readonly backend: SupabaseBackend;
}

/** What every request meets. */
const HTTP = [
  HttpErrorFilter,
  HttpMetrics,
  RequestLog,
  RequestObserver,
  RouteTable,
  { provide: APP_FILTER, useExisting: HttpErrorFilter },
];

/** The plumbing that every room stands on. */
@Global()
@Module({})
export class PlatformModule {
  static on({ env, variables, log, dataDirectory, backend }: Foundation): DynamicModule {
    const given = [
      { provide: ENV, useValue: env },
      { provide: VARIABLES, useValue: variables },
      { provide: LogDestination, useValue: log },
      { provide: DataDirectory, useValue: dataDirectory },
      { provide: SUPABASE_BACKEND, useValue: backend },
    ];
    return {
      module: PlatformModule,
      imports: [DatabaseModule, RedisModule.on(env), SchedulingModule, logger(env, log)],
      providers: [...given, CachesService, Drain, MetricsRegistry, SystemMetrics, ...HTTP],
      exports: [
        ENV,
        VARIABLES,
        LogDestination,
        DataDirectory,
        SUPABASE_BACKEND,
        CachesService,
        Drain,
        MetricsRegistry,
        RequestObserver,
        RouteTable,
        SystemMetrics,
        DatabaseModule,
        RedisModule,
        SchedulingModule,
      ],
    };
  }
}

/** RequestObserver writes the one line a request, so pino-http's own middleware is on no route. */
function logger(env: Env, log: LogDestination): DynamicModule {
  return LoggerModule.forRoot({
    pinoHttp: [{ level: env.LOG_LEVEL, autoLogging: false, serializers: { err: stdSerializers.err } }, log],
    forRoutes: [],
  });
}
