import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { PricesRepository, type PriceRow } from '../../src/market/prices/prices.repository.js';
import { toPriceDto } from '../../src/market/prices/prices.mapper.js';
import { roleConfig } from '../../src/platform/database/connection-config.js';
import type { Statement } from '../../src/platform/database/unit-of-work.js';
import { answerRequests } from '../support/worker.js';

// The least that can answer the same question: node:http and pg, the same named statements in the same role, the same JSON.
// No guard, no validation, no context, no log, no filter.

export interface BareServerOptions {
  databaseUrl: string;
  /** Connections; pooled, or pipelined and used in turn. */
  connections: number;
  isPipelined: boolean;
  server: { id: number; key: string };
}

type Run = <Row extends object>(statement: Statement) => Promise<Row[]>;

answerRequests(async (options: BareServerOptions): Promise<{ url: string }> => {
  const run = options.isPipelined ? await pipelined(options) : pooled(options);
  const server = createServer((request, response) => {
    answer(request, response, run, options).catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});

const prices = new PricesRepository();

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  run: Run,
  { server }: BareServerOptions,
): Promise<void> {
  if (request.headers['if-none-match'] !== undefined) {
    const [row] = await run<{ version: number }>(prices.versionStatement(server.id));
    const etag = `W/"${row?.version ?? 0}"`;
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, { ETag: etag }).end();
      return;
    }
  }
  const url = request.url ?? '';
  const ids = url
    .slice(url.indexOf('ids=') + 'ids='.length)
    .split(',')
    .map(Number);
  const rows = await run<PriceRow>(prices.latestStatement(server.id, ids));
  const text = JSON.stringify({ server: server.key, items: rows.map(toPriceDto) });
  response.writeHead(200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    ETag: `W/"${rows[0]?.version ?? 0}"`,
  });
  response.end(text);
}

function configOf({ databaseUrl, connections }: BareServerOptions) {
  return roleConfig(
    { url: databaseUrl, directUrl: databaseUrl, pooler: 'none', poolMax: connections },
    'app',
  );
}

function pooled(options: BareServerOptions): Run {
  const pool = new pg.Pool({ ...configOf(options), max: options.connections });
  pool.on('error', () => undefined); // the database is stopped at the end of the benchmark
  return async <Row extends object>(statement: Statement) => (await pool.query<Row>(statement)).rows;
}

async function pipelined(options: BareServerOptions): Promise<Run> {
  const clients = Array.from(
    { length: options.connections },
    () => new pg.Client({ ...configOf(options), pipeline: true }),
  );
  for (const client of clients) client.on('error', () => undefined);
  await Promise.all(clients.map((client) => client.connect()));
  let turn = 0;
  return async <Row extends object>(statement: Statement) => {
    turn = (turn + 1) % clients.length;
    return (await clients[turn]!.query<Row>(statement)).rows;
  };
}
