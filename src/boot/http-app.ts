import type { ServerResponse } from 'node:http';
import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import type { CorsOptions, CorsOptionsDelegate } from '@nestjs/common/internal';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, RequestHandler } from 'express';
import { AppModule } from '../app.module.js';
import type { Env } from '../platform/config/env.js';
import type { OpenDatabase } from '../platform/database/database.module.js';
import { PrincipalResolver } from '../platform/auth/principal-resolver.js';
import { Queues } from '../platform/jobs/queues.service.js';
import { queueBoard } from '../platform/jobs/queue-board.js';
import { BOARD_PATH, boardDoor } from '../platform/operations/board-door.js';
import { bodyParsers } from '../platform/http/body-parsers.js';
import { FastExpressAdapter } from '../platform/http/fast-express.adapter.js';
import type { Logger } from '../platform/logging/logger.js';
import { serveOpenApi } from '../platform/http/openapi.js';
import { requestContext } from '../platform/http/request-context.js';
import { announceTimings } from '../platform/http/server-timing.js';
import { RequestRecorder } from '../platform/profiling/request-recorder.service.js';

const LIMITS = {
  requestTimeoutMs: 30_000,
  headersTimeoutMs: 10_000,
  keepAliveTimeoutMs: 65_000,
  maxHeaderBytes: 16_384,
};
const NEST_LOG_LEVELS: LogLevel[] = ['error', 'fatal'];

/** The Nest application of one process: middleware in the order in which a request meets it, then the routes. */
export async function createHttpApp(
  env: Env,
  database: OpenDatabase,
  logger: Logger,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRoot(env, database, logger),
    new FastExpressAdapter(LIMITS),
    {
      bodyParser: false,
      abortOnError: false,
      logger: new ConsoleLogger({ json: true, logLevels: NEST_LOG_LEVELS }),
    },
  );
  if (env.trustProxyHops > 0) app.set('trust proxy', env.trustProxyHops);
  app.use(requestContext(logger, app.get(RequestRecorder), env.isDebug));
  if (env.nodeEnv === 'development')
    announceTimings((app.getHttpAdapter().getInstance() as { response: ServerResponse }).response);
  const origin = allowedOrigins(env);
  if (origin !== undefined) app.enableCors(corsFor(origin));
  app.use(...bodyParsers());
  if (env.role !== 'worker') {
    serveOpenApi(app);
    const openBoard = (): Promise<RequestHandler> => queueBoard(app.get(Queues), BOARD_PATH);
    app.use(BOARD_PATH, boardDoor(app.get(PrincipalResolver), openBoard));
  }
  await app.init();
  return app;
}

const EXPOSED_HEADERS = ['ETag', 'X-Request-Id', 'Retry-After', 'Idempotency-Replayed'];

const NO_CORS: CorsOptions = { origin: false };

/**
 * Requests that come from no page, which are most, get only the header that tells caches about the others; all else that
 * the library does costs a tenth of a small answer.
 */
function corsFor(origin: NonNullable<CorsOptions['origin']>): CorsOptionsDelegate<Request> {
  const options = { origin, maxAge: 600, exposedHeaders: EXPOSED_HEADERS, optionsSuccessStatus: 200 };
  return (request, callback) => {
    const isFromPage = request.headers.origin !== undefined || request.method === 'OPTIONS';
    if (!isFromPage && origin !== '*') request.res?.setHeader('Vary', 'Origin');
    callback(null, isFromPage ? options : NO_CORS);
  };
}

/** CORS_ORIGINS, `*` for any; in development without it, pages served from this machine. */
function allowedOrigins(env: Env): string[] | RegExp | '*' | undefined {
  if (env.corsOrigins.includes('*')) return '*';
  if (env.corsOrigins.length > 0) return [...env.corsOrigins];
  return env.nodeEnv === 'development' ? /^https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/ : undefined;
}
