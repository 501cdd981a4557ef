import 'reflect-metadata';
import { ENTITIES } from '../../src/app.entities.js';
import { createHttpApp } from '../../src/boot/http-app.js';
import { parseEnvironment } from '../../src/platform/config/env.js';
import { DataHandlers } from '../../src/platform/data-rights/data-handlers.js';
import { openDatabase } from '../../src/platform/database/database.module.js';
import { createLogger } from '../../src/platform/logging/logger.js';

/** Names of the handlers of personal data that the application has. @param databaseUrl a migrated database */
export async function listDataHandlers(databaseUrl: string): Promise<string[]> {
  const env = parseEnvironment({ NODE_ENV: 'test', DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent' });
  const target = { url: databaseUrl, directUrl: databaseUrl, pooler: 'none', poolMax: 2 } as const;
  const database = await openDatabase(target, ENTITIES);
  const { logger, flush } = createLogger(env);
  try {
    const app = await createHttpApp({ ...env, role: 'api' }, database, logger);
    const names = app.get(DataHandlers).names();
    await app.close();
    return names;
  } finally {
    await database.close();
    flush();
  }
}
