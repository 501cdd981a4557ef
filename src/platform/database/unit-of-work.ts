import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import pg, { type Pool, type PoolClient, type QueryConfig, type QueryResult } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DatabaseUnavailableError,
  LOST_STATEMENT,
  sqlState,
  translateDatabaseError,
} from './database.errors.js';
import { beginSpan, endSpan, time } from '../profiling/span.js';
import type { PipelinedReads } from './pipelined-reads.js';
import { prepareScope, submitScoped } from './scoped-query.js';

// The only way to the database. Whoever asks says as whom: row-level security then shows that user's rows and no others,
// whatever the SQL says. The scope lives exactly as long as one transaction, so a pooled connection carries nothing over.

/** As whom SQL runs: the id that policies compare with (`app.user_id`). */
export interface Scope {
  readonly id: string;
}

/** A named, parameterised statement. The name is its repository method, `market.latest.list-by-ids`. */
export interface Statement extends QueryConfig {
  name: string;
  text: string;
  values: unknown[];
  /**
   * Its best plan depends on its values, as with filters that may be null: it is planned for each, where a connection would plan for any
   * values after the fifth time. Its name is for reports then.
   */
  isPlannedAnew?: true;
}

/** One open transaction. Repositories take it as their first parameter; nothing else may hold on to it. */
export interface Tx {
  query<Row extends object>(statement: Statement | string): Promise<Row[]>;
  /** TypeORM inside the same transaction: `save()` and friends join it and never commit it. */
  readonly manager: EntityManager;
  /**
   * Runs a statement last, in the message of the COMMIT itself: it costs no round trip. Its rows are thrown away, its values (text,
   * numbers, bytes, null) become literals; when it fails, the transaction does.
   */
  withCommit(statement: Statement): void;
  /** Called once the transaction has committed, for what a process remembers of it. Must not throw. */
  afterCommit(callback: () => void): void;
}

export interface UnitOfWorkOptions {
  dataSource: DataSource;
  pool: Pool;
  reads: PipelinedReads | undefined;
  /** Role to assume inside each transaction; undefined = the connection already has it. */
  localRole: string | undefined;
  /** A transaction's statement without an answer for this long is asked after. */
  stallMs: number;
}

export class UnitOfWork {
  constructor(private readonly options: UnitOfWorkOptions) {}

  /** Runs `work` in one transaction in the scope of `scope`; commits when it resolves, rolls back when it throws. */
  async run<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await time('transaction', () => this.transaction(scope, work));
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  /** One named read in the scope of `scope`: one round trip. On a shared pipelined connection it must be a short one. */
  async read<Row extends object>(scope: Scope, statement: Statement): Promise<Row[]> {
    const { reads, localRole } = this.options;
    if (!reads && localRole !== undefined) return this.run(scope, (tx) => tx.query<Row>(statement));
    const span = beginSpan(`sql:${statement.name}`);
    try {
      const rows = await (reads
        ? reads.read<Row>(scope.id, statement)
        : this.readAlone<Row>(scope, statement));
      endSpan(span);
      return rows;
    } catch (error) {
      endSpan(span, true);
      throw translateDatabaseError(error);
    }
  }

  /** On a connection of the pool: a slow one keeps nobody else waiting. */
  private async readAlone<Row extends object>({ id }: Scope, statement: Statement): Promise<Row[]> {
    const { pool, stallMs } = this.options;
    const client = await pool.connect();
    client.on('error', ignoreConnectionError);
    const watch = new StallWatch(client, pool, stallMs, false);
    let isBroken = false;
    try {
      await prepareScope(client);
      return await submitScoped<Row>(client, id, statement);
    } catch (error) {
      // No answer of the server's, or one that says that it has forgotten what this connection counts on.
      isBroken = [undefined, LOST_STATEMENT].includes(sqlState(error));
      throw watch.hasGivenUp
        ? new DatabaseUnavailableError('The database did not answer', { cause: error })
        : error;
    } finally {
      watch.stop();
      if (!isBroken) client.off('error', ignoreConnectionError);
      client.release(isBroken);
    }
  }

  private async transaction<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
    const { pool, stallMs, localRole } = this.options;
    const client = await pool.connect();
    client.on('error', ignoreConnectionError);
    const watch = new StallWatch(client, pool, stallMs, localRole !== undefined);
    const tx = new PgTransaction(this.options.dataSource, client, localRole !== undefined);
    let failure: Error | undefined;
    try {
      await client.query(this.begin(scope));
      const result = await work(tx);
      tx.end(); // what somebody forgot to wait for must not run after the COMMIT, outside of the scope
      await commit(client, tx.lastStatements);
      tx.committed();
      return result;
    } catch (error) {
      failure = await this.rollback(client);
      if (sqlState(error) === LOST_STATEMENT) failure ??= error as Error; // pg would go on counting on that statement
      throw watch.hasGivenUp
        ? new DatabaseUnavailableError('The database did not answer', { cause: error })
        : error;
    } finally {
      tx.end();
      watch.stop();
      if (failure === undefined) client.off('error', ignoreConnectionError);
      client.release(failure);
    }
  }

  /** One message, so the scope costs no round trip of its own. */
  private begin(scope: Scope): string {
    const { localRole } = this.options;
    const role = localRole === undefined ? '' : `SET LOCAL ROLE ${pg.escapeIdentifier(localRole)};`;
    return `BEGIN;${role}SELECT set_config('app.user_id', ${pg.escapeLiteral(scope.id)}, true)`;
  }

  /** An error here means that the connection is unusable: it is returned so that the pool throws the connection away. */
  private async rollback(client: PoolClient): Promise<Error | undefined> {
    try {
      await client.query('ROLLBACK');
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }
}

const ABORTED_TRANSACTION = '25P02';

/** @param statements SQL that goes first in the same message */
async function commit(client: PoolClient, statements: readonly string[]): Promise<void> {
  const message = client.query([...statements, 'COMMIT'].join(';')) as Promise<QueryResult | QueryResult[]>;
  const answer = await message.catch((error: unknown) => {
    if (sqlState(error) !== ABORTED_TRANSACTION) throw error;
    return { command: 'ROLLBACK' };
  });
  const { command } = Array.isArray(answer) ? answer.at(-1)! : answer;
  // PostgreSQL answers COMMIT of an aborted transaction with ROLLBACK and no error: somebody swallowed a failure.
  if (command !== 'COMMIT') throw new Error('The transaction had failed and was rolled back');
}

/** A statement with its values in it, for a message that takes no parameters. */
function withLiterals({ text, values }: Statement): string {
  return text.replace(/\$(\d+)/g, (_all, position: string) => literalOf(values[Number(position) - 1]));
}

function literalOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Buffer.isBuffer(value)) return `'\\x${value.toString('hex')}'`;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string' && !value.includes('\0')) return pg.escapeLiteral(value); // NUL would end the message
  throw new Error('A statement that goes with the COMMIT takes text without NUL, numbers, bytes and null');
}

class PgTransaction implements Tx {
  readonly lastStatements: string[] = [];
  private runner: QueryRunner | undefined;
  private isEnded = false;
  private readonly callbacks: (() => void)[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly client: PoolClient,
    private readonly isUnnamed: boolean,
  ) {}

  async query<Row extends object>(statement: Statement | string): Promise<Row[]> {
    if (this.isEnded) throw new Error('The transaction has ended; its Tx must not be kept');
    const isNamed = typeof statement !== 'string' && !this.isUnnamed && statement.isPlannedAnew !== true;
    const config = typeof statement === 'string' ? { text: statement } : statement;
    const span = beginSpan(typeof statement === 'string' ? 'sql' : `sql:${statement.name}`);
    try {
      const { rows } = await this.client.query<Row>(isNamed ? config : unnamed(config));
      endSpan(span);
      return rows;
    } catch (error) {
      endSpan(span, true);
      throw error;
    }
  }

  get manager(): EntityManager {
    if (this.isEnded) throw new Error('The transaction has ended; its Tx must not be kept');
    this.runner ??= joinTransaction(this.dataSource, this.client);
    return this.runner.manager;
  }

  withCommit(statement: Statement): void {
    if (this.isEnded) throw new Error('The transaction has ended; its Tx must not be kept');
    this.lastStatements.push(withLiterals(statement));
  }

  afterCommit(callback: () => void): void {
    this.callbacks.push(callback);
  }

  committed(): void {
    for (const callback of this.callbacks) callback();
  }

  /** Refuses everything from now on, also what a manager that somebody kept would send. */
  end(): void {
    this.isEnded = true;
    if (this.runner) Object.assign(this.runner, { isReleased: true });
  }
}

/** A pooler in transaction mode hands the next transaction to another connection, where the name would be unknown. */
function unnamed({ text, values }: { text: string; values?: unknown[] }): QueryConfig {
  return values === undefined ? { text } : { text, values };
}

/**
 * A TypeORM query runner on a connection whose transaction we began ourselves. TypeORM must know of that transaction, or
 * the next `save()` would begin and commit one of its own and drop the scope with it.
 */
function joinTransaction(dataSource: DataSource, client: PoolClient): QueryRunner {
  const runner = dataSource.createQueryRunner();
  Object.assign(runner, { databaseConnection: client, isTransactionActive: true, transactionDepth: 1 });
  return runner;
}

/**
 * Tells a slow statement from a database that is gone without a word (half-open connection, stopped server). A statement may
 * take its time as long as a second connection learns that its backend is at work; when nobody answers there, or the
 * backend has nothing to do, the statement or its answer is lost: the connection is cut, and everything waiting on it
 * fails at once instead of hanging.
 */
class StallWatch {
  hasGivenUp = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly client: PoolClient,
    private readonly pool: Pool,
    private readonly stallMs: number,
    /** A pooler's connections do not tell which backend they have. */
    private readonly isPooled: boolean,
  ) {
    this.timer = this.arm();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private arm(): NodeJS.Timeout {
    return setTimeout(() => void this.check(), this.stallMs);
  }

  private async check(): Promise<void> {
    const asked = statementOf(this.client);
    const isAlive =
      asked === null || (await isAtWork(this.pool, this.isPooled ? null : this.client, PROBE_TIMEOUT_MS));
    if (!isAlive) await sleep(ANSWER_IN_FLIGHT_MS);
    if (this.timer === undefined) return;
    if (isAlive || statementOf(this.client) !== asked) {
      this.timer = this.arm();
      return;
    }
    this.hasGivenUp = true;
    cutConnection(this.client);
  }
}

const PROBE_TIMEOUT_MS = 1_000;
/** The answer may have left its idle backend just before the probe's own. */
const ANSWER_IN_FLIGHT_MS = 50;

interface ClientInternals {
  processID: number;
  readyForQuery: boolean;
  _activeQuery: object | null;
  connection: { stream: { destroy(): void } };
}

/** The statement that waits for its answer, null when none does. */
function statementOf(client: PoolClient): object | null {
  const { readyForQuery, _activeQuery } = client as unknown as ClientInternals;
  return readyForQuery ? null : _activeQuery;
}

/** The pool listens for errors of idle connections only; on a borrowed one the waiting query fails too, and that is enough. */
function ignoreConnectionError(): void {
  // an 'error' event without a listener would end the process
}

/** `end()` would wait for the very answer that does not come. */
function cutConnection(client: PoolClient): void {
  (client as unknown as ClientInternals).connection.stream.destroy();
}

/** @param client whose backend is asked after; null = is the server there at all */
async function isAtWork(pool: Pool, client: PoolClient | null, timeoutMs: number): Promise<boolean> {
  const { options: _role, ...config } = pool.options; // without a role: only the owner sees what its sessions do
  const probe = new pg.Client({ ...config, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs });
  probe.on('error', () => undefined);
  try {
    await probe.connect();
    if (client === null) {
      await probe.query('SELECT 1');
      return true;
    }
    const { rows } = await probe.query<{ state: string }>(
      'SELECT state FROM pg_stat_activity WHERE pid = $1',
      [(client as unknown as ClientInternals).processID],
    );
    return rows[0]?.state === 'active';
  } catch {
    return false;
  } finally {
    void probe.end().catch(() => undefined);
  }
}
