import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { CatalogDirectory } from '../../src/destiny/catalysts/catalog-directory.service.js';
import { CatalystStatusesRepository } from '../../src/destiny/catalysts/catalyst-statuses.repository.js';
import { sortCatalysts } from '../../src/destiny/catalysts/catalyst-list.js';
import { toAgeDto, toCatalystDto } from '../../src/destiny/catalysts/catalysts.mapper.js';
import { type ActiveRow, ownCatalystsOf } from '../../src/destiny/catalysts/own-catalysts.js';
import { roleConfig } from '../../src/platform/database/connection-config.js';
import { answerRequests } from '../support/worker.js';

// The least that can answer with a player's catalysts: node:http and pg, the same named statement in the same role, the same JSON by the
// same mapper. The player is one for all requests and a setting of the connection. No guard, validation, tag, log, filter.

export interface BareCatalystsOptions {
  databaseUrl: string;
  connections: number;
  userId: string;
}

const catalog = new CatalogDirectory();
const statement = new CatalystStatusesRepository().findActive();

answerRequests(async (options: BareCatalystsOptions): Promise<{ url: string }> => {
  const { databaseUrl, connections, userId } = options;
  const target = { url: databaseUrl, directUrl: databaseUrl, pooler: 'none', poolMax: connections } as const;
  const config = roleConfig(target, 'app');
  const pool = new pg.Pool({
    ...config,
    options: `${config.options} -c app.user_id=${userId}`,
    max: connections,
  });
  pool.on('error', () => undefined); // the database is stopped at the end of the benchmark
  const server = createServer((request, response) => {
    answer(request, response, pool).catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});

async function answer(_request: IncomingMessage, response: ServerResponse, pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<ActiveRow>(statement);
  const own = ownCatalystsOf(rows[0], catalog.current(), Date.now());
  const items = sortCatalysts(own.entries, 'pct').map(toCatalystDto);
  const text = JSON.stringify({ ...toAgeDto(own), items, total: items.length, nextCursor: null });
  response.writeHead(200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}
