import pg, { type ClientConfig, type QueryConfig } from 'pg';
import { prepareScope, submitScoped } from './scoped-query.js';

// Short named reads share one or two pipelined connections: many queries are on the wire at once, each under its own Sync,
// so one that fails does not abort its neighbours. Answers come in order, hence only statements of a few milliseconds belong
// here; the server cancels what takes longer, and a server that does not answer at all costs its connection.

export interface PipelinedReadsOptions {
  config: ClientConfig;
  /** Number of connections. */
  size: number;
  /** Server-side limit of one statement. */
  statementTimeoutMs: number;
  /** No answer after this long = the connection is given up. Must be above statementTimeoutMs. */
  answerTimeoutMs: number;
}

export class PipelinedReads {
  private readonly slots: (Promise<pg.Client> | undefined)[];
  private next = 0;
  private isClosed = false;

  constructor(private readonly options: PipelinedReadsOptions) {
    this.slots = new Array<Promise<pg.Client> | undefined>(options.size).fill(undefined);
  }

  /** Runs one named statement in the scope of `userId`. */
  async read<Row extends object>(userId: string, query: QueryConfig): Promise<Row[]> {
    const client = await this.client();
    gatherWrites(client);
    return submitScoped<Row>(client, userId, query);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const open = this.slots.filter((slot) => slot !== undefined);
    await Promise.all(open.map((slot) => slot.then((client) => client.end()).catch(() => undefined)));
  }

  private client(): Promise<pg.Client> {
    if (this.isClosed) return Promise.reject(new Error('Connection terminated: the reads are closed'));
    const index = this.next;
    this.next = (index + 1) % this.slots.length;
    return (this.slots[index] ??= this.connect(index));
  }

  private connect(index: number): Promise<pg.Client> {
    const client = new pg.Client({
      ...this.options.config,
      pipeline: true,
      query_timeout: this.options.answerTimeoutMs,
      connectionTimeoutMillis: this.options.answerTimeoutMs,
    });
    const slot = (async () => {
      await client.connect();
      await client.query(`SET statement_timeout = ${Math.trunc(this.options.statementTimeoutMs)}`);
      await prepareScope(client);
      return client;
    })();
    const forget = (): void => {
      if (this.slots[index] === slot) this.slots[index] = undefined;
    };
    client.on('error', forget);
    client.on('end', forget);
    slot.catch(() => {
      forget();
      void client.end().catch(() => undefined);
    });
    return slot;
  }
}

interface Corkable {
  cork(): void;
  uncork(): void;
}

const gathering = new WeakSet<Corkable>();

/**
 * All that is asked in one turn of the event loop leaves in one write: a system call per query was the largest single cost
 * of a busy process. The first query of a turn holds the stream, and it is let go when the turn's input has been read.
 */
function gatherWrites(client: pg.Client): void {
  const { stream } = (client as unknown as { connection: { stream: Corkable } }).connection;
  if (gathering.has(stream)) return;
  gathering.add(stream);
  stream.cork();
  setImmediate(() => {
    gathering.delete(stream);
    stream.uncork();
  });
}
