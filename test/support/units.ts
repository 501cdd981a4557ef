import pg from 'pg';
import type { DataSource } from 'typeorm';
import { ENTITIES } from '../../src/app.entities.js';
import type { DatabaseTarget } from '../../src/platform/database/connection-config.js';
import {
  type OpenDatabase,
  openDatabase,
  type SystemUnitOfWork,
} from '../../src/platform/database/database.module.js';
import type { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from './database.js';

/** The product's own units of work on a database of one's own, and the owner's eyes beside them. */
export interface TestUnits {
  /** URL of the owner role. */
  url: string;
  app: UnitOfWork;
  system: SystemUnitOfWork;
  dataSource: DataSource;
  /** The open connections as a whole, for what hangs on their end. */
  database: OpenDatabase;
  /** The pool below `app`: the very connections that its transactions use. */
  pool: pg.Pool;
  /** Runs SQL as the owner, outside of every unit. As a member of the system role it sees the rows of all users. */
  owner<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Closes everything and drops the database. */
  close(): Promise<void>;
}

/**
 * @param options what differs from a plain target, e.g. `{ poolMax: 2 }`
 * @param via gives the URL by which the units reach the database, e.g. through a proxy
 * @param database where the shared server will not do; dropped with the units
 */
export async function openUnits(
  options: Partial<DatabaseTarget> = {},
  via: (url: string) => Promise<string> = (url) => Promise.resolve(url),
  database?: TestDatabase,
): Promise<TestUnits> {
  const own = database ?? (await createTestDatabase());
  const { url } = own;
  const owner = new pg.Pool({ connectionString: url, max: 2 });
  owner.on('error', () => undefined); // dropping the database cuts what has not quite ended
  const dropDatabase = async (): Promise<void> => {
    await owner.end();
    await own.drop();
  };
  const target = { directUrl: url, pooler: 'none', poolMax: 4, ...options } as const;
  const open = await openDatabase({ ...target, url: await via(url) }, ENTITIES).catch(
    async (error: unknown) => {
      await dropDatabase();
      throw error;
    },
  );
  return {
    url,
    app: open.app,
    system: open.system,
    dataSource: open.dataSource,
    database: open,
    pool: (open.dataSource.driver as unknown as { master: pg.Pool }).master,
    owner: async <Row extends object>(sql: string, values: unknown[] = []) =>
      (await owner.query<Row>(sql, values)).rows,
    close: async () => {
      await open.close();
      await dropDatabase();
    },
  };
}
