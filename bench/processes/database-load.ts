import { once } from 'node:events';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { itemOf, observationsOf, type Slice, type World } from '../support/ingest-world.js';
import { answerRequests } from '../support/worker.js';

// The two references of the ingest, straight into the database: one COPY of all rows, and one function call per row.

export type DatabaseLoadRequest =
  | { kind: 'use'; world: World; databaseUrl: string; connections: number }
  | { kind: 'prepareCopy'; table: string; sourceId: number; slice: Slice }
  | { kind: 'prepareCalls'; slice: Slice }
  | { kind: 'copy' }
  | { kind: 'call'; callers: number };

export interface Loaded {
  seconds: number;
  /** Rows that were stored. */
  stored: number;
}

const CHUNK_ROWS = 1_000;
let world: World;
let pool: pg.Pool;
let table = '';
let chunks: Buffer[] = [];
let calls: unknown[][] = [];

/** Rows in COPY's text format; only the id is left to its sequence. */
function chunksOf(sourceId: number, slice: Slice): Buffer[] {
  const made: Buffer[] = [];
  for (let done = 0; done < slice.count; done += CHUNK_ROWS) {
    const first = slice.first + done;
    const part = observationsOf(world, { ...slice, first, count: Math.min(CHUNK_ROWS, slice.count - done) });
    const lines = part.map((o, k) =>
      [o.capturedAt, o.unitPrice, itemOf(world, first + k).id, sourceId, o.lots, slice.server.id].join('\t'),
    );
    made.push(Buffer.from(`${lines.join('\n')}\n`));
  }
  return made;
}

async function copy(): Promise<number> {
  const client = await pool.connect();
  try {
    const sql = `COPY ${table} (captured_at, price, item_id, source_id, lots, server_id) FROM STDIN`;
    const stream = client.query(copyFrom(sql));
    for (const chunk of chunks) if (!stream.write(chunk)) await once(stream, 'drain');
    stream.end();
    await once(stream, 'finish');
    return (stream as unknown as { rowCount: number }).rowCount;
  } finally {
    client.release();
  }
}

function callsOf(slice: Slice): unknown[][] {
  return observationsOf(world, slice).map((o, k) => {
    const { name } = itemOf(world, slice.first + k);
    return [name, o.externalId, slice.server.key, o.capturedAt, o.unitPrice, o.lots];
  });
}

/** Several callers take the next row each, as the original sent 50 calls of a batch at once. */
async function callPerRow(callers: number): Promise<number> {
  let next = 0;
  let stored = 0;
  const caller = async (): Promise<void> => {
    const client = await pool.connect();
    try {
      for (let values = calls[next++]; values !== undefined; values = calls[next++]) {
        const text = 'SELECT bench.ingest_observation($1, $2, $3, $4, $5, $6) AS id';
        const { rows } = await client.query<{ id: string | null }>({ name: 'ingest', text, values });
        if (rows[0]?.id != null) stored += 1;
      }
    } finally {
      client.release();
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return stored;
}

async function timed(work: () => Promise<number>): Promise<Loaded> {
  const startedAt = performance.now();
  const stored = await work();
  return { seconds: (performance.now() - startedAt) / 1_000, stored };
}

answerRequests(async (request: DatabaseLoadRequest): Promise<Loaded | undefined> => {
  switch (request.kind) {
    case 'use':
      ({ world } = request);
      pool = new pg.Pool({ connectionString: request.databaseUrl, max: request.connections });
      pool.on('error', () => undefined); // the database is stopped at the end of the benchmark
      return undefined;
    case 'prepareCopy':
      ({ table } = request);
      chunks = chunksOf(request.sourceId, request.slice);
      return undefined;
    case 'prepareCalls':
      calls = callsOf(request.slice);
      return undefined;
    case 'copy':
      return timed(copy);
    case 'call':
      return timed(() => callPerRow(request.callers));
  }
});
