import { type DynamicModule, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import pg, { type Pool } from 'pg';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { type DatabaseTarget, ownerOf, roleConfig } from './connection-config.js';
import { PipelinedReads } from './pipelined-reads.js';
import { assertBoundByRowSecurity, roleName } from './roles.js';
import { UnitOfWork, type UnitOfWorkOptions } from './unit-of-work.js';

/** Acts for the platform across users (housekeeping, relays, administrators); policies name its role. Never for a user's own reads. */
export class SystemUnitOfWork extends UnitOfWork {}

export type Entities = readonly EntityTarget<ObjectLiteral>[];

const OPEN_DATABASE = Symbol('OpenDatabase');
const CONNECT_TIMEOUT_MS = 2_500;
const STALL_MS = 1_500;
const READ_STATEMENT_TIMEOUT_MS = 2_000;
const READ_ANSWER_TIMEOUT_MS = 2_500;
const PIPELINED_CLIENTS = 2;

/** Connections of one pool at this moment. */
export interface PoolFigures {
  name: 'app' | 'system';
  total: number;
  idle: number;
  /** Transactions that wait for a connection. */
  waiting: number;
}

/** The open connections of one process. */
export interface OpenDatabase {
  dataSource: DataSource;
  app: UnitOfWork;
  system: SystemUnitOfWork;
  target: DatabaseTarget;
  /** What is to be done while the connections are still there, such as writing what waits. Must not throw. */
  beforeClose(work: () => Promise<void>): void;
  pools(): PoolFigures[];
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** Opens the pools of both roles and refuses roles that row-level security would not bind. */
export async function openDatabase(target: DatabaseTarget, entities: Entities): Promise<OpenDatabase> {
  const appConfig = roleConfig(target, 'app');
  const pooled = { connectionTimeoutMillis: CONNECT_TIMEOUT_MS, max: target.poolMax };
  const dataSource = new DataSource({
    type: 'postgres',
    entities: [...entities] as (() => void)[],
    installExtensions: false,
    poolErrorHandler: () => undefined, // an idle connection that broke; the pool replaces it
    extra: { ...appConfig, ...pooled },
  });
  await dataSource.initialize();
  const appPool = (dataSource.driver as unknown as { master: Pool }).master;
  const systemPool = new pg.Pool({ ...roleConfig(target, 'system'), ...pooled });
  systemPool.on('error', () => undefined);
  const reads =
    target.pooler === 'transaction'
      ? undefined
      : new PipelinedReads({
          config: appConfig,
          size: PIPELINED_CLIENTS,
          statementTimeoutMs: READ_STATEMENT_TIMEOUT_MS,
          answerTimeoutMs: READ_ANSWER_TIMEOUT_MS,
        });
  const options = (pool: Pool, role: 'app' | 'system'): UnitOfWorkOptions => ({
    dataSource,
    pool,
    reads: role === 'app' ? reads : undefined,
    localRole: target.pooler === 'transaction' ? roleName(ownerOf(target.url), role) : undefined,
    stallMs: STALL_MS,
  });
  const app = new UnitOfWork(options(appPool, 'app'));
  const system = new SystemUnitOfWork(options(systemPool, 'system'));
  for (const unit of [app, system]) {
    await unit.run({ id: '' }, (tx) =>
      assertBoundByRowSecurity(async (sql) => ({ rows: await tx.query(sql) })),
    );
  }
  const beforeClose: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const work of beforeClose) await work();
    await reads?.close();
    await systemPool.end();
    await dataSource.destroy();
  };
  let closing: Promise<void> | undefined;
  return {
    dataSource,
    app,
    system,
    target,
    beforeClose: (work) => void beforeClose.push(work),
    pools: () => [poolFigures('app', appPool), poolFigures('system', systemPool)],
    close: () => (closing ??= close()),
  };
}

function poolFigures(name: PoolFigures['name'], pool: Pool): PoolFigures {
  return { name, total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount };
}

/** The connections as a whole: how many there are, and when they go. */
@Injectable()
export class DatabaseLifetime implements OnApplicationShutdown {
  constructor(@Inject(OPEN_DATABASE) private readonly database: OpenDatabase) {}

  /** Work for the last moment, while the connections are still there. Must not throw. */
  beforeClose(work: () => Promise<void>): void {
    this.database.beforeClose(work);
  }

  pools(): PoolFigures[] {
    return this.database.pools();
  }

  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}

@Module({})
export class DatabaseModule {
  static forRoot(database: OpenDatabase): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: OPEN_DATABASE, useValue: database },
        { provide: UnitOfWork, useValue: database.app },
        { provide: SystemUnitOfWork, useValue: database.system },
        DatabaseLifetime,
      ],
      exports: [UnitOfWork, SystemUnitOfWork, DatabaseLifetime],
    };
  }
}
