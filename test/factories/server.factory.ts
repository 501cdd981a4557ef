import { randomBytes } from 'node:crypto';
import { SYSTEM_PRINCIPAL } from '../../src/platform/auth/principal.js';
import type { ServerRow } from '../../src/market/catalog/catalog.repository.js';
import { ServerEntity } from '../../src/market/catalog/server.entity.js';
import type { TestUnits } from '../support/units.js';

/** A server of the shipped game, without prices. */
export async function insertServer(units: TestUnits, given: Partial<ServerRow> = {}): Promise<ServerRow> {
  const key = `server-${randomBytes(6).toString('hex')}`;
  const { id, gameId, name, ...server } = await units.system.run(SYSTEM_PRINCIPAL, (tx) =>
    tx.manager.save(Object.assign(new ServerEntity(), { gameId: 1, key, name: key, ...given })),
  );
  return { id, gameId, key: server.key, name };
}
