import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HarvestRoutesData } from './harvest-routes-data.handler.js';
import { HarvestRoutesRepository } from './harvest-routes.repository.js';

const routes = new HarvestRoutesRepository();
const data = new HarvestRoutesData(new OwnedRowsRepository());
const TEXT = { name: 'round', description: null, jobIds: [2], resourceIds: [303], steps: [{ at: 1 }] };

let units: TestUnits;
let gameId: number;

beforeAll(async () => {
  units = await openUnits();
  [{ id: gameId }] = (await units.owner('SELECT id FROM market.game')) as [{ id: number }];
});

afterAll(() => units.close());

async function keep(userId: string, isPublic: boolean): Promise<string> {
  const id = randomUUID();
  await units.app.run({ id: userId }, (tx) =>
    routes.insertRoute(tx, { id, userId, gameId }, { ...TEXT, isPublic }),
  );
  return id;
}

describe('rows of kept routes', () => {
  it('are seen by others once they are public, and written by their owner only', async () => {
    const [ada, eve] = [randomUUID(), randomUUID()];
    const [open, closed] = [await keep(ada, true), await keep(ada, false)];
    await units.app.run({ id: eve }, async (tx) => {
      expect(await routes.findRoute(tx, gameId, open)).toMatchObject({ userId: ada });
      expect(await routes.findRoute(tx, gameId, closed)).toBeNull();
      await routes.deleteRoute(tx, open);
      await tx.query(`UPDATE market.harvest_route SET name = 'mine'`);
    });
    await units.app.run({ id: ada }, async (tx) => {
      const own = await routes.listOwn(tx, gameId, ada, null, 10);
      expect(own.map(({ id, name }) => ({ id, name }))).toEqual(
        [open, closed].sort((a, b) => (a < b ? 1 : -1)).map((id) => ({ id, name: 'round' })),
      );
    });
    const forged = units.app.run({ id: eve }, (tx) =>
      routes.insertRoute(tx, { id: randomUUID(), userId: ada, gameId }, { ...TEXT, isPublic: true }),
    );
    await expect(forged).rejects.toThrow(/row-level security/);
  });

  it('go with their owner into an export, and out of the database', async () => {
    const [ada, eve] = [randomUUID(), randomUUID()];
    const ids = [await keep(ada, true), await keep(ada, false)];
    const others = await keep(eve, true);
    const exported: string[] = [];
    const sink = {
      rows: async (_table: string, portions: AsyncIterable<string[]>) => {
        for await (const rows of portions) exported.push(...rows);
      },
    };
    await units.system.run(SYSTEM_SCOPE, (tx) => data.export(tx, ada, sink as never));
    expect(exported.map((row) => (JSON.parse(row) as { id: string }).id).sort()).toEqual([...ids].sort());
    for (let times = 0; times < 2; times += 1)
      await units.system.run(SYSTEM_SCOPE, (tx) => data.erase(tx, ada));
    const left = await units.owner<{ id: string }>(
      'SELECT id FROM market.harvest_route WHERE user_id = ANY ($1)',
      [[ada, eve]],
    );
    expect(left).toEqual([{ id: others }]);
  });
});
