import 'reflect-metadata';
import { jest } from '@jest/globals';
import { ENTITIES } from '../../src/app.entities.js';
import { createHttpApp } from '../../src/boot/http-app.js';
import { permissionTable, routeName } from '../../src/platform/auth/permission-table.js';
import { type Env, parseEnvironment } from '../../src/platform/config/env.js';
import { openDatabase } from '../../src/platform/database/database.module.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { RouteIndex } from '../../src/platform/http/route-index.js';

/** What the application serves, seen from two sides. Routes read `GET /api/v1/.../{name}`. */
export interface RouteTable {
  /** What was really registered with the router, by whatever means. */
  running: string[];
  /** What the controllers declare: a permission, or `public`. */
  permissions: Record<string, string>;
}

/** Builds the application in this process, without listening. @param databaseUrl a migrated database */
export async function listRoutes(databaseUrl: string, domains?: Env['domains']): Promise<RouteTable> {
  const parsed = parseEnvironment({ NODE_ENV: 'test', DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent' });
  const env = domains === undefined ? parsed : { ...parsed, domains };
  const target = { url: databaseUrl, directUrl: databaseUrl, pooler: 'none', poolMax: 2 } as const;
  const database = await openDatabase(target, ENTITIES);
  const { logger, flush } = createLogger(env);
  const added = jest.spyOn(RouteIndex.prototype, 'add');
  try {
    const app = await createHttpApp(env, database, logger);
    const running = new Set(added.mock.calls.map(([verb, path]) => routeName(verb, String(path))));
    const permissions = permissionTable(app);
    await app.close();
    return { running: [...running].sort(), permissions };
  } finally {
    added.mockRestore();
    await database.close();
    flush();
  }
}
