import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import type { Tx } from '../database/unit-of-work.js';
import { OwnedRowsRepository } from './owned-rows.repository.js';

const JOBS = { name: 'platform.job', columns: ['name', 'payload'] };
const [OWNER, OTHER] = [randomUUID(), randomUUID()];
const rows = new OwnedRowsRepository();
let units: TestUnits;

beforeAll(async () => {
  units = await openUnits();
  await units.owner(
    `INSERT INTO platform.job (id, user_id, name, queue, payload, state)
     SELECT gen_random_uuid(), u, 'trial.work', 'trial', jsonb_build_object('index', i), 'waiting'
     FROM unnest($1::uuid[]) AS u, generate_series(1, 450) AS i`,
    [[OWNER, OTHER]],
  );
});

afterAll(() => units.close());

async function readAll(tx: Tx): Promise<number[]> {
  const portions: number[] = [];
  for await (const portion of rows.exportRows(tx, JOBS, OWNER)) portions.push(portion.length);
  return portions;
}

describe('rows of one user', () => {
  it('come portion by portion, and those of nobody else', async () => {
    expect(await units.system.run(SYSTEM_SCOPE, readAll)).toEqual([200, 200, 50]);
  });

  it('can be read again after somebody has stopped half-way', async () => {
    await units.system.run(SYSTEM_SCOPE, async (tx) => {
      for await (const portion of rows.exportRows(tx, JOBS, OWNER)) {
        expect(JSON.parse(portion[0]!)).toMatchObject({ name: 'trial.work' });
        break;
      }
      expect(await readAll(tx)).toEqual([200, 200, 50]);
    });
  });

  it('fail with the fault that they met', async () => {
    const read = units.system.run(SYSTEM_SCOPE, async (tx) => {
      for await (const portion of rows.exportRows(tx, JOBS, OWNER))
        await tx.query(`SELECT ${portion.length} / 0`).catch(() => undefined);
    });
    await expect(read).rejects.toThrow('current transaction is aborted');
    const table = { ...JOBS, columns: ["1 / (450 - (payload ->> 'index')::int) AS x"] };
    const failing = units.system.run(SYSTEM_SCOPE, async (tx) => {
      for await (const portion of rows.exportRows(tx, table, OWNER)) expect(portion).toHaveLength(200);
    });
    await expect(failing).rejects.toThrow('division by zero');
  });
});
