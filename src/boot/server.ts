import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ENTITIES } from '../app.entities.js';
import type { Env } from '../platform/config/env.js';
import { StartupError } from '../platform/config/startup-error.js';
import { openDatabase } from '../platform/database/database.module.js';
import { createLogger } from '../platform/logging/logger.js';
import { banner } from './banner.js';
import { type DatabasePlace, provideDatabase } from './database-target.js';
import { withMadeUpTokens } from './made-up-tokens.js';
import { withSecretsKey } from './secrets-key.js';
import { createHttpApp } from './http-app.js';
import { bringSchemaUp, requireCurrentSchema } from './schema.js';
import { applyReferenceData, catchUp, seedDemo, seedDemoAccount } from './seed.js';
import { withStandIns } from './stand-ins.js';
import { followRenewals, tlsKeys, type TlsServer } from './tls.js';

/** A started process. */
export interface Server {
  url: string;
  /** Resolves with the reason when the process has nothing to work with any more and should end; else never. */
  lost: Promise<StartupError>;
  /** Finishes what is under way, then lets go of everything. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts one role of Guildhall. What was opened before a failure is closed again. @throws StartupError */
export async function startServer(given: Env, print: (text: string) => void): Promise<Server> {
  await assertPortIsFree(given);
  const place = await provideDatabase(given);
  const undo: (() => Promise<unknown>)[] = [() => place.stop()];
  try {
    const standIns = await withStandIns(given);
    undo.push(() => standIns.stop());
    const { env, tokens } = withMadeUpTokens(withSecretsKey(standIns.env));
    const app = await startApp(env, place, undo, tokens.demoPassword);
    const url = urlOf(env, app);
    print(banner(env, url, place, tokens, standIns));
    let stopping: Promise<void> | undefined;
    return { url, lost: place.lost, stop: () => (stopping ??= unwind(undo)) };
  } catch (error) {
    await unwind(undo);
    throw error;
  }
}

async function startApp(
  env: Env,
  place: DatabasePlace,
  undo: (() => Promise<unknown>)[],
  demoPassword: string | undefined,
): Promise<NestExpressApplication> {
  if (env.role === 'all') await bringSchemaUp(place.target);
  else await requireCurrentSchema(place.target);
  const { logger, flush } = createLogger(env);
  undo.push(() => Promise.resolve(flush()));
  const database = await openDatabase(place.target, ENTITIES);
  undo.push(() => database.close());
  const tls = await tlsKeys(env);
  const app = await createHttpApp(env, database, logger, tls?.keys);
  if (tls) {
    const server = app.getHttpServer() as unknown as TlsServer;
    const stopFollowing = followRenewals(env, server, tls.stamp, logger);
    undo.push(() => Promise.resolve(stopFollowing()));
  }
  undo.push(() => close(app, env.shutdownGraceS));
  if (env.role === 'all') {
    await applyReferenceData(app, env);
    await seedDemoAccount(app, demoPassword);
    await seedDemo(app, env);
  }
  await catchUp(app, env);
  await listen(app, env);
  return app;
}

/** Answers in flight get the grace; after it their connections are cut, or one stalled client would hold up the end. */
async function close(app: NestExpressApplication, graceS: number): Promise<void> {
  const cut = setTimeout(() => app.getHttpServer().closeAllConnections(), graceS * 1_000);
  await app.close().finally(() => clearTimeout(cut));
}

async function unwind(undo: (() => Promise<unknown>)[]): Promise<void> {
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step().catch(() => undefined);
}

/** Asked before anything is started, since the rest takes seconds; `listen` asks again. */
function assertPortIsFree(env: Env): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => reject(portError(env, error)));
    probe.listen(env.port, env.host, () => probe.close(() => resolve()));
  });
}

async function listen(app: NestExpressApplication, env: Env): Promise<void> {
  try {
    await app.listen(env.port, env.host);
  } catch (error) {
    throw portError(env, error as Error);
  }
}

function portError(env: Env, error: Error): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new StartupError(`Port ${env.port} is taken by another program; set PORT to a free one.`);
  if (code === 'EACCES')
    return new StartupError(`Port ${env.port} needs more rights than this user has; set PORT above 1023.`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new StartupError(`HOST ${env.host} is not an address of this machine.`);
  return error;
}

function urlOf(env: Env, app: NestExpressApplication): string {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const host = env.host === '0.0.0.0' || env.host === '::' ? 'localhost' : env.host;
  return `${env.tls === undefined ? 'http' : 'https'}://${host}:${port}`;
}
