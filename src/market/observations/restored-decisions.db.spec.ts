import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { QueryRunner } from 'typeorm';
import { MarketRestoreDecisions1763905000000 } from '../../../migrations/1763905000000-market-restore-decisions.js';
import { anObservation } from '../../../test/factories/observation.factory.js';
import { insertServer } from '../../../test/factories/server.factory.js';
import { newIngest } from '../../../test/support/new-ingest.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { Audit } from '../../platform/audit/audit.service.js';
import { AuditRepository } from '../../platform/audit/audit.repository.js';
import { INGEST_PRINCIPAL } from '../../platform/auth/principal.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import type { IngestService } from '../ingest/ingest.service.js';
import type { Observation } from '../ingest/observation.js';

// Corrections as they were made before decisions were kept: the row was changed or deleted, and an event left, which is all that tells
// of them. A migration makes decisions of the events.

let units: TestUnits;
let ingest: IngestService;
let server: ServerRow;

beforeAll(async () => {
  units = await openUnits();
  ingest = newIngest(units);
});

beforeEach(async () => {
  server = await insertServer(units);
});

afterAll(() => units.close());

async function send(...observations: Observation[]): Promise<(number | null)[]> {
  const { body } = await ingest.store(
    INGEST_PRINCIPAL,
    [{ server, observations }],
    undefined,
    ([stored]) => stored!,
  );
  return body;
}

interface Row {
  serverId: number;
  itemId: number;
  capturedAt: string;
  sourceId: number;
  unitPrice: number;
  lots: number;
}

const listRows = (): Promise<Row[]> =>
  units.owner<Row>(
    `SELECT server_id AS "serverId", item_id AS "itemId", captured_at::text AS "capturedAt", source_id AS "sourceId",
       price AS "unitPrice", lots FROM market.observation WHERE server_id = $1 ORDER BY captured_at`,
    [server.id],
  );
const prices = async (): Promise<number[]> => (await listRows()).map((row) => row.unitPrice);
const withheld = async (): Promise<number[]> =>
  (
    await units.owner<{ price: number }>(
      'SELECT price FROM market.withheld_observation WHERE server_id = $1 ORDER BY captured_at, price',
      [server.id],
    )
  ).map((row) => row.price);

async function record(action: string, before: Row, after?: Row): Promise<void> {
  const audit = new Audit(new AuditRepository());
  const object = { type: 'market.observation', id: '1' };
  await units.app.run(INGEST_PRINCIPAL, (tx) =>
    audit.record(tx, INGEST_PRINCIPAL, { action, object, before, after }),
  );
}

const KEY = 'server_id = $1 AND item_id = $2 AND captured_at = $3::timestamptz AND source_id = $4';
const keyOf = (row: Row): unknown[] => [row.serverId, row.itemId, row.capturedAt, row.sourceId];

async function correctAsBefore(row: Row, unitPrice: number): Promise<void> {
  await units.owner(`UPDATE market.observation SET price = $5 WHERE ${KEY}`, [...keyOf(row), unitPrice]);
  await units.owner(
    `UPDATE market.latest SET price = $3 WHERE server_id = $1 AND item_id = $2
       AND captured_at = $4::timestamptz`,
    [row.serverId, row.itemId, unitPrice, row.capturedAt],
  );
  await record('market.observation-changed', row, { ...row, unitPrice });
}

async function deleteAsBefore(row: Row): Promise<void> {
  await units.owner(`DELETE FROM market.observation WHERE ${KEY}`, keyOf(row));
  await units.owner(
    `DELETE FROM market.latest l WHERE server_id = $1 AND item_id = $2`,
    keyOf(row).slice(0, 2),
  );
  await units.owner(
    `INSERT INTO market.latest (server_id, item_id, price, captured_at, lots, source_id, observation_id)
     SELECT server_id, item_id, price, captured_at, lots, source_id, id FROM market.observation
     WHERE server_id = $1 AND item_id = $2 ORDER BY captured_at DESC LIMIT 1`,
    keyOf(row).slice(0, 2),
  );
  await record('market.observation-deleted', row);
}

/** As it runs: as the owner, in a transaction. */
async function migrate(): Promise<void> {
  const runner = { query: (sql: string) => units.owner(sql) } as unknown as QueryRunner;
  await new MarketRestoreDecisions1763905000000().up(runner);
}

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 4, 1, 12);
const at = (hours: number, given: Partial<Observation> = {}): Observation =>
  anObservation({ capturedAtMs: START_MS + hours * HOUR_MS, ...given });

describe('the migration of corrections', () => {
  it('keeps a corrected price as it is, whatever its source says again', async () => {
    const sent = [at(0, { price: 10 }), at(1, { price: 5_000 }), at(2, { price: 12 })];
    await send(...sent);
    await correctAsBefore((await listRows())[1]!, 9_000);
    await correctAsBefore((await listRows())[1]!, 11_000);
    await migrate();
    await migrate();
    expect(await send(...sent)).toEqual([null, null, null]);
    expect(await prices()).toEqual([10, 11_000, 12]);
    expect(await withheld()).toEqual([]);
  });

  it('keeps out what was deleted, be it the newest or the only price', async () => {
    const other = { externalId: 304 };
    const sent = [at(0, { price: 10 }), at(1, { price: 5_000 }), at(1, { ...other, price: 7_000 })];
    await send(...sent);
    const rows = await listRows();
    for (const row of rows.slice(1)) await deleteAsBefore(row);
    await migrate();
    expect(await send(...sent)).toEqual([null, null, null]);
    expect(await prices()).toEqual([10]);
  });

  it('leaves alone what has changed since: prices that came again, by clients or by hand', async () => {
    const sent = [at(0, { price: 10 }), at(1, { price: 20 }), at(2, { price: 30 })];
    const byHand = at(3, { price: 40, source: 'manual_web_edit', sourceVersion: '' });
    await send(...sent, byHand);
    const rows = await listRows();
    await correctAsBefore(rows[1]!, 25);
    await deleteAsBefore(rows[2]!);
    await deleteAsBefore(rows[3]!);
    await send(at(2.9, { price: 40, source: 'other' }), ...sent, byHand);
    expect(await prices()).toEqual([10, 20, 30, 40]);
    expect(await withheld()).toEqual([25, 40]);
    await migrate();
    expect(
      await units.owner('SELECT FROM market.decided_observation WHERE server_id = $1', [server.id]),
    ).toEqual([]);
    expect(await withheld()).toEqual([25, 40]);
  });

  it('passes over events of items and servers that are gone, and of details that were erased', async () => {
    await send(at(0));
    const [row] = (await listRows()) as [Row];
    await record('market.observation-deleted', { ...row, itemId: 2_000_000_000 });
    await record('market.observation-changed', { ...row, serverId: 32_000 }, { ...row, serverId: 32_000 });
    await units.owner('ALTER TABLE platform.audit_detail NO FORCE ROW LEVEL SECURITY');
    await deleteAsBefore(row);
    await units.owner(`DELETE FROM platform.audit_detail WHERE before ->> 'serverId' = $1`, [
      String(server.id),
    ]);
    await migrate();
    expect(
      await units.owner('SELECT FROM market.decided_observation WHERE server_id = $1', [server.id]),
    ).toEqual([]);
  });
});
