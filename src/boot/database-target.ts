import type { DatabaseTarget } from '../platform/database/connection-config.js';
import type { Env } from '../platform/config/env.js';
import type { StartupError } from '../platform/config/startup-error.js';
import {
  findRunningEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../platform/database/embedded-postgres.js';

/** Where this process finds its database, and how to let go of it. */
export interface DatabasePlace {
  target: DatabaseTarget;
  /** For the start-up lines: what is embedded, and where. */
  description: string;
  isEmbedded: boolean;
  /** Resolves with the reason when the database of our own is gone for good; never for another. */
  lost: Promise<StartupError>;
  stop(): Promise<void>;
}

const NEVER = new Promise<never>(() => undefined);

/** DATABASE_URL, or else the embedded server below the data folder, which is started when it does not run. */
export async function provideDatabase(env: Env): Promise<DatabasePlace> {
  if (env.databaseUrl !== undefined) return external(env, env.databaseUrl);
  const embedded = await startEmbeddedPostgres({ dir: env.dataDir });
  return {
    target: direct(env, embedded.url),
    description: `embedded PostgreSQL${embedded.isReused ? ' (left running by a killed process, taken over)' : ''} in ${embedded.dataDir}`,
    isEmbedded: true,
    lost: embedded.keepRunning((sentence) => process.stderr.write(`${sentence}\n`)),
    stop: () => embedded.stop(),
  };
}

/** The same for an operator's command: beside a running server it uses that one and leaves it running. */
export async function joinDatabase(env: Env): Promise<DatabasePlace> {
  if (env.databaseUrl !== undefined) return external(env, env.databaseUrl);
  const running = await findRunningEmbeddedPostgres({ dir: env.dataDir });
  if (!running) return provideDatabase(env);
  return {
    target: direct(env, running.url),
    description: 'the running embedded PostgreSQL',
    isEmbedded: true,
    lost: NEVER,
    stop: () => Promise.resolve(),
  };
}

function external(env: Env, url: string): DatabasePlace {
  return {
    target: { url, directUrl: env.databaseDirectUrl ?? url, pooler: env.dbPooler, poolMax: env.dbPoolMax },
    description: `PostgreSQL at ${new URL(url).host}`,
    isEmbedded: false,
    lost: NEVER,
    stop: () => Promise.resolve(),
  };
}

function direct(env: Env, url: string): DatabaseTarget {
  return { url, directUrl: url, pooler: 'none', poolMax: env.dbPoolMax };
}
