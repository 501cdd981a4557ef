import pg, { type QueryConfig, type QueryResult } from 'pg';
import { LOST_STATEMENT, sqlState } from './database.errors.js';

// A read inside a user's scope without the three extra round trips of BEGIN, set_config, COMMIT: the statement that sets
// the scope and the query itself are sent under ONE Sync, which PostgreSQL runs as one implicit transaction. The setting is
// local to that transaction, so it is gone when the connection serves its next query, also after an error (the leak
// checks in scoped-query.db.spec.ts prove it).
//
// This relies on internals of pg 8.23 (`prepare`, `parsedStatements`), therefore pg is pinned to an exact version. Should they change,
// UnitOfWork's ordinary transaction does the same in four statements.

export const SCOPE_STATEMENT = 'guildhall_scope';
export const SCOPE_SQL = "select set_config('app.user_id', $1, true)";

interface PgConnection {
  parsedStatements: Record<string, string>;
  bind(config: { statement: string; values: unknown[] }): void;
  execute(config: { portal: string }): void;
}

interface QueryInternals {
  name: string | undefined;
  queryMode: 'extended' | undefined;
  prepare(connection: PgConnection): void;
  handleError(error: Error, connection: PgConnection): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: PgConnection): void;
}

// The published types describe pg.Query as a submittable only; its protocol handlers are the internals named above.
const BaseQuery = pg.Query as unknown as new (
  text: string,
  values: unknown[] | undefined,
  callback: (error: Error | undefined, result: QueryResult) => void,
) => QueryInternals;

/**
 * A query that runs inside the scope of one user. Needs a connection on which {@link SCOPE_STATEMENT} was prepared
 * (see `prepareScope`), so that a scoped query never depends on a Parse that may fail.
 */
export class ScopedQuery extends BaseQuery {
  private isScopeSet = false;

  constructor(
    private readonly userId: string,
    config: QueryConfig & { readonly isPlannedAnew?: true },
    callback: (error: Error | undefined, result: QueryResult) => void,
  ) {
    super(config.text, config.values, callback);
    this.queryMode = 'extended'; // without a name or values pg would send the text alone, outside of the scope
    this.name = config.isPlannedAnew ? undefined : config.name; // set here: given a config object, pg would copy it property by property
  }

  override prepare(connection: PgConnection): void {
    if (connection.parsedStatements[SCOPE_STATEMENT] === undefined) {
      throw new Error('The connection was not prepared for scoped queries');
    }
    connection.bind({ statement: SCOPE_STATEMENT, values: [this.userId] });
    connection.execute({ portal: '' });
    super.prepare(connection);
  }

  /** The first row is set_config's own answer. */
  override handleDataRow(message: unknown): void {
    if (this.isScopeSet) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: PgConnection): void {
    if (this.isScopeSet) super.handleCommandComplete(message, connection);
    else this.isScopeSet = true;
  }

  /** pg would count on a statement for ever that the server has lost; so the next query of its name prepares it anew. */
  override handleError(error: Error, connection: PgConnection): void {
    if (this.name !== undefined && sqlState(error) === LOST_STATEMENT)
      delete connection.parsedStatements[this.name];
    super.handleError(error, connection);
  }
}

/** Prepares the scope statement on a connection that has not got it; its portal's answer is thrown away. */
export async function prepareScope(client: pg.ClientBase): Promise<void> {
  const { connection } = client as unknown as { connection: PgConnection };
  if (connection.parsedStatements[SCOPE_STATEMENT] !== undefined) return;
  await client.query({ name: SCOPE_STATEMENT, text: SCOPE_SQL, values: [''] });
}

export function submitScoped<Row extends object>(
  client: pg.ClientBase,
  userId: string,
  config: QueryConfig,
): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const query = new ScopedQuery(userId, config, (error, result) => {
      if (error) reject(error);
      else resolve(result.rows as Row[]);
    });
    client.query(query as unknown as pg.Submittable);
  });
}
