import type { ServerResponse } from 'node:http';
import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import type { CorsOptions, CorsOptionsDelegate } from '@nestjs/common/internal';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, RequestHandler } from 'express';
import { compatRoot } from './compat-root.js';
import { AppModule } from '../app.module.js';
import type { TlsKeys } from './tls.js';
import type { Env } from '../platform/config/env.js';
import type { OpenDatabase } from '../platform/database/database.module.js';
import { PrincipalResolver } from '../platform/auth/principal-resolver.js';
import { Queues } from '../platform/jobs/queues.service.js';
import { queueBoard } from '../platform/jobs/queue-board.js';
import { BOARD_PATH, boardDoor } from '../platform/operations/board-door.js';
import { EXPORT_ROUTE } from '../agent-analytics/bulk/export-route.js';
import { WISH_LIST_ROUTES } from '../destiny/wish-lists/wish-list-routes.js';
import { ICON_ROUTE } from '../market/icons/market-icon.js';
import { COMPAT_ICON_ROUTE } from '../market/compat/compat-icon.js';
import { UPLOAD_ROUTE } from '../platform/operations/files/upload-route.js';
import { COMPAT_VOICE_ROUTE } from '../destiny/compat/voice-route.js';
import { CAMPAIGN_IMPORT_ROUTE } from '../tabletop/imports/import-body.reader.js';
import { RUN_IMPORT_ROUTE } from '../running/files/run-import-file.js';
import { COMPAT_AVATAR_ROUTE } from '../running/compat/avatar-route.js';
import { RUNNER_PICTURE_ROUTE } from '../running/profiles/runner-picture.js';
import { UVTT_ROUTE } from '../tabletop/maps/battle-map-file.js';
import { COMPAT_PREFIX } from '../platform/http/compat-error.js';
import { allowedOrigins, listedOrigins, type Origins } from '../platform/http/allowed-origins.js';
import { bodyParsers } from '../platform/http/body-parsers.js';
import { FastExpressAdapter, type HttpServerLimits } from '../platform/http/fast-express.adapter.js';
import type { Logger } from '../platform/logging/logger.js';
import { serveOpenApi } from '../platform/http/openapi.js';
import { requestContext } from '../platform/http/request-context.js';
import { announceTimings } from '../platform/http/server-timing.js';
import { serveAsyncApi } from '../platform/realtime/serve-async-api.js';
import { RealtimeAdapter } from '../platform/realtime/realtime.adapter.js';
import { RequestRecorder } from '../platform/profiling/request-recorder.service.js';

const LIMITS: Omit<HttpServerLimits, 'isTls'> = {
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
  keys?: TlsKeys,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRoot(env, database, logger),
    new FastExpressAdapter({ ...LIMITS, isTls: isTlsForGood(env) }),
    {
      ...(keys && { httpsOptions: keys }),
      bodyParser: false,
      abortOnError: false,
      logger: new ConsoleLogger({ json: true, logLevels: NEST_LOG_LEVELS }),
    },
  );
  if (env.trustProxy !== 0) app.set('trust proxy', env.trustProxy);
  if (env.compatRoot !== undefined) app.use(compatRoot(COMPAT_CUPID_PREFIX));
  app.use(requestContext(logger, app.get(RequestRecorder), env.isDebug));
  if (env.nodeEnv === 'development')
    announceTimings((app.getHttpAdapter().getInstance() as { response: ServerResponse }).response);
  const origins = allowedOrigins(env);
  const mounts = {
    [COMPAT_DOFUS_PREFIX]: listedOrigins(env.compatDofusCorsOrigins),
    [COMPAT_CUPID_PREFIX]: listedOrigins(env.compatCupidCorsOrigins),
  };
  if (origins !== undefined || Object.values(mounts).some((own) => own !== undefined))
    app.enableCors(corsFor(origins, mounts));
  app.use(
    ...bodyParsers([
      UPLOAD_ROUTE,
      ICON_ROUTE,
      COMPAT_ICON_ROUTE,
      EXPORT_ROUTE,
      COMPAT_VOICE_ROUTE,
      ...WISH_LIST_ROUTES,
      RUNNER_PICTURE_ROUTE,
      COMPAT_AVATAR_ROUTE,
      RUN_IMPORT_ROUTE,
      CAMPAIGN_IMPORT_ROUTE,
      UVTT_ROUTE,
    ]),
  );
  if (env.role !== 'worker') {
    serveOpenApi(app);
    serveAsyncApi(app);
    const openBoard = (): Promise<RequestHandler> => queueBoard(app.get(Queues), BOARD_PATH);
    app.useWebSocketAdapter(new RealtimeAdapter(app, env.realtime.payloadBytes));
    app.use(BOARD_PATH, boardDoor(app.get(PrincipalResolver), openBoard));
  }
  await app.init();
  return app;
}

/**
 * Browsers that are told so never try without TLS again, nor pass over a certificate that they do not know: not for one that was
 * made up, which would lock everybody out of this host's name.
 */
function isTlsForGood({ tls, nodeEnv }: Env): boolean {
  return nodeEnv === 'production' || (tls !== undefined && tls !== 'self-signed');
}

const EXPOSED_HEADERS = [
  'ETag',
  'X-Request-Id',
  'Retry-After',
  'Idempotency-Replayed',
  'RateLimit',
  'RateLimit-Policy',
];

const NO_CORS: CorsOptions = { origin: false };

/** The compat mount of the market's original. */
const COMPAT_DOFUS_PREFIX = `${COMPAT_PREFIX}dofus`;
/** Of the dashboard. */
const COMPAT_CUPID_PREFIX = `${COMPAT_PREFIX}cupid`;

/**
 * Requests that come from no page, which are most, get only the header that tells caches about the others; all else that
 * the library does costs a tenth of a small answer.
 */
function corsFor(
  general: Origins | undefined,
  mounts: Readonly<Record<string, Origins | undefined>>,
): CorsOptionsDelegate<Request> {
  const optionsOf = (origin: Origins | undefined): CorsOptions =>
    origin === undefined
      ? NO_CORS
      : { origin, maxAge: 600, exposedHeaders: EXPOSED_HEADERS, optionsSuccessStatus: 200 };
  const generalOptions = optionsOf(general);
  const mountOptions = Object.entries(mounts).map(([prefix, origin]) => ({
    prefix,
    options: optionsOf(origin),
  }));
  return (request, callback) => {
    const mount = request.url.startsWith(COMPAT_PREFIX)
      ? mountOptions.find(({ prefix }) => isBelow(request.url, prefix))
      : undefined;
    const options = mount?.options ?? generalOptions;
    const isFromPage = request.headers.origin !== undefined || request.method === 'OPTIONS';
    if (!isFromPage && options !== NO_CORS && options.origin !== '*')
      request.res?.setHeader('Vary', 'Origin');
    callback(null, isFromPage ? options : NO_CORS);
  };
}

function isBelow(url: string, prefix: string): boolean {
  return url.startsWith(prefix) && ['/', '?', undefined].includes(url[prefix.length]);
}
