import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { anObservation } from '../../../test/factories/observation.factory.js';
import { insertServer } from '../../../test/factories/server.factory.js';
import { newIngest } from '../../../test/support/new-ingest.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { INGEST_PRINCIPAL } from '../../platform/auth/principal.js';
import { sha256 } from '../../platform/crypto/digest.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import type { IngestService, StoredIds } from './ingest.service.js';
import type { Observation } from './observation.js';

let units: TestUnits;
let ingest: IngestService;

beforeAll(async () => {
  units = await openUnits({ poolMax: 8 });
  ingest = newIngest(units);
});

afterAll(() => units.close());

async function store(
  server: ServerRow,
  observations: readonly Observation[],
  by = ingest,
): Promise<StoredIds> {
  const { body } = await by.store(
    INGEST_PRINCIPAL,
    [{ server, observations }],
    undefined,
    ([stored]) => stored!,
  );
  return body;
}

interface Item {
  id: number;
  externalId: number | null;
  name: string | null;
  label: string;
  category: string | null;
}

function itemsLike(pattern: string): Promise<Item[]> {
  return units.owner<Item>(
    `SELECT i.id, i.external_id AS "externalId", i.name, i.label, c.name AS category
     FROM market.item i LEFT JOIN market.category c ON c.id = i.category_id WHERE i.label LIKE $1 ORDER BY i.label`,
    [pattern],
  );
}

async function count(table: string, server: ServerRow): Promise<number> {
  const [row] = await units.owner<{ n: number }>(
    `SELECT count(*)::int AS n FROM market.${table} WHERE server_id = $1`,
    [server.id],
  );
  return row!.n;
}

async function version(server: ServerRow): Promise<number | undefined> {
  const [row] = await units.owner<{ version: string }>(
    'SELECT version FROM market.server_version WHERE server_id = $1',
    [server.id],
  );
  return row && Number(row.version);
}

describe('unseen items', () => {
  it('are created once by batches of several processes at the same time, and so are their categories', async () => {
    const processes = [newIngest(units), newIngest(units)];
    const servers = await Promise.all(Array.from({ length: 4 }, () => insertServer(units)));
    const names = Array.from({ length: 30 }, (_, index) => `Crowded ${String(index).padStart(2, '0')}`);
    const observations = names.map((name, index) =>
      anObservation({
        externalId: index < 15 ? 900_000 + index : null,
        name,
        category: `Crowd ${index % 3}`,
      }),
    );
    const batches = Array.from({ length: 16 }, (_, index) =>
      store(
        servers[index % 4]!,
        index % 2 ? observations : [...observations].reverse(),
        processes[index % 2],
      ),
    );
    const stored = await Promise.all(batches);
    expect(stored.flat().filter((id) => id !== null)).toHaveLength(4 * 30);
    const items = await itemsLike('Crowded%');
    expect(items.map((item) => item.label)).toEqual(names);
    expect(items.map((item) => item.category)).toEqual(names.map((_, index) => `Crowd ${index % 3}`));
    for (const server of servers)
      expect([await count('observation', server), await count('latest', server)]).toEqual([30, 30]);
  });

  it('are one item when a batch names them by id and by name', async () => {
    const server = await insertServer(units);
    const stored = await store(server, [
      anObservation({ externalId: null, name: 'Both Ways', price: 1, capturedAtMs: Date.UTC(2026, 0, 1) }),
      anObservation({ externalId: 910_001, name: 'Both Ways', price: 2, capturedAtMs: Date.UTC(2026, 0, 2) }),
      anObservation({ externalId: 910_001, name: null, price: 3, capturedAtMs: Date.UTC(2026, 0, 3) }),
    ]);
    expect(stored).not.toContain(null);
    expect(await itemsLike('Both Ways%')).toMatchObject([{ externalId: 910_001, name: 'Both Ways' }]);
    expect(await count('latest', server)).toBe(1);
  });

  it('learn a name that comes later, and keep their prices', async () => {
    const server = await insertServer(units);
    await store(server, [anObservation({ externalId: 910_002, name: null })]);
    expect(await itemsLike('#910002')).toMatchObject([{ name: null }]);
    await store(server, [anObservation({ externalId: 910_002, name: 'Named Late', price: 7 })]);
    expect(await itemsLike('Named Late')).toMatchObject([{ externalId: 910_002, name: 'Named Late' }]);
    expect([await count('observation', server), await count('latest', server)]).toEqual([2, 1]);
  });

  it('stay apart where the game has two of one name', async () => {
    const server = await insertServer(units);
    await store(server, [
      anObservation({ externalId: 910_003, name: 'Twin', price: 1 }),
      anObservation({ externalId: 910_004, name: 'Twin', price: 2 }),
      anObservation({ externalId: null, name: 'Twin (910004)', price: 3, capturedAtMs: Date.now() }),
    ]);
    expect((await itemsLike('Twin%')).map((item) => item.label)).toEqual(['Twin', 'Twin (910004)']);
    expect(await count('latest', server)).toBe(2);
  });

  it('do not outlive a batch that fails, and are not remembered from it', async () => {
    const server = await insertServer(units);
    const observations = [anObservation({ externalId: 910_005, name: 'Fleeting' })];
    const failing = ingest.store(INGEST_PRINCIPAL, [{ server, observations }], undefined, () => {
      throw new Error('no answer');
    });
    await expect(failing).rejects.toThrow('no answer');
    expect(await itemsLike('Fleeting')).toEqual([]);
    expect([await count('observation', server), await version(server)]).toEqual([0, undefined]);
    expect(await store(server, observations)).not.toContain(null);
    expect(await itemsLike('Fleeting')).toHaveLength(1);
  });

  it('are found anew when somebody deleted what this process remembers', async () => {
    const server = await insertServer(units);
    const observations = [910_006, 910_007].map((externalId) =>
      anObservation({ externalId, name: `Deleted ${externalId}` }),
    );
    await store(server, observations);
    const before = await itemsLike('Deleted%');
    await units.owner("DELETE FROM market.item WHERE label = 'Deleted 910006'");
    expect(await count('latest', server)).toBe(1);
    const later = observations.map((observation) => ({
      ...observation,
      price: 5,
      capturedAtMs: observation.capturedAtMs + 1,
    }));
    expect(await store(server, later)).not.toContain(null);
    const after = await itemsLike('Deleted%');
    expect(after.map((item) => item.label)).toEqual(before.map((item) => item.label));
    expect(after[0]!.id).not.toBe(before[0]!.id);
    expect(after[1]!.id).toBe(before[1]!.id);
    expect(await count('latest', server)).toBe(2);
  });
});

describe('a batch over months', () => {
  it('makes the partitions that it needs, also when two processes need them at once', async () => {
    const servers = [await insertServer(units), await insertServer(units)];
    const edges = [2011, 2012, 2013].flatMap((year) => [
      Date.UTC(year, 1, 1) - 1,
      Date.UTC(year, 1, 1),
      Date.UTC(year, 2, 1) - 1,
      Date.UTC(year, 11, 31, 23, 59, 59, 999),
    ]);
    const observations = edges.map((capturedAtMs, index) =>
      anObservation({ capturedAtMs, price: index + 1 }),
    );
    const stored = await Promise.all(servers.map((server) => store(server, observations, newIngest(units))));
    expect(stored.flat()).not.toContain(null);
    const partitions = await units.owner<{ name: string; n: number }>(
      `SELECT tableoid::regclass::text AS name, count(*)::int AS n FROM market.observation
       WHERE server_id = ANY ($1) GROUP BY 1 ORDER BY 1`,
      [servers.map((server) => server.id)],
    );
    expect(partitions).toEqual(
      [2011, 2012, 2013].flatMap((year) => [
        { name: `market.observation_${year}_01`, n: 2 },
        { name: `market.observation_${year}_02`, n: 4 },
        { name: `market.observation_${year}_12`, n: 2 },
      ]),
    );
  });
});

describe('the version of a server', () => {
  it('moves when something was stored, and only then', async () => {
    const [server, other] = [await insertServer(units), await insertServer(units)];
    const observation = anObservation();
    await store(server, [observation]);
    const first = (await version(server))!;
    expect(first).toBeGreaterThan(Date.UTC(2025, 0, 1));
    await store(server, [observation]);
    await store(server, [{ ...observation, capturedAtMs: observation.capturedAtMs + 1 }]);
    expect(await version(server)).toBe(first);
    await store(server, [{ ...observation, price: observation.price + 1 }]); // the same observation with another price
    expect(await version(server)).toBe(first);
    await store(server, [{ ...observation, price: 2, capturedAtMs: observation.capturedAtMs - 1 }]); // late, yet new
    expect(await version(server)).toBe(first + 1);
    expect(await version(other)).toBeUndefined();
  });
});

describe('an item that learns its id or its name', () => {
  it('moves the version of every server that shows a price of it, and of no other', async () => {
    const servers = await Promise.all(Array.from({ length: 3 }, () => insertServer(units)));
    const [shows, other, teaches] = servers as [ServerRow, ServerRow, ServerRow];
    await store(shows, [
      anObservation({ externalId: null, name: 'Adopted' }),
      anObservation({ externalId: 910_010, name: null }),
    ]);
    await store(other, [anObservation()]);
    const [first, same] = [(await version(shows))!, (await version(other))!];
    await store(teaches, [anObservation({ externalId: 910_011, name: 'Adopted' })]);
    expect(await itemsLike('Adopted')).toMatchObject([{ externalId: 910_011 }]);
    const second = (await version(shows))!;
    expect(second).toBeGreaterThan(first);
    await store(teaches, [anObservation({ externalId: 910_010, name: 'Learnt' })]);
    expect(await version(shows)).toBeGreaterThan(second);
    expect(await version(other)).toBe(same);
  });

  it('locks nobody out, whoever else writes to several servers meanwhile', async () => {
    const servers = await Promise.all(Array.from({ length: 4 }, () => insertServer(units)));
    const processes = Array.from({ length: 4 }, () => newIngest(units));
    const names = Array.from({ length: 24 }, (_, index) => `Learner ${String(index)}`);
    await store(
      servers[0]!,
      names.map((name) => anObservation({ externalId: null, name })),
    );
    await store(
      servers[3]!,
      names.map((name) => anObservation({ externalId: null, name })),
    );
    const rounds = names.map((name, index) => {
      const pair = [servers[index % 4]!, servers[(index + 1 + (index % 3)) % 4]!];
      const batches = pair.map((server, place) => ({
        server,
        observations: [
          anObservation({ price: index + 1, capturedAtMs: Date.UTC(2026, 1, 1, 0, 0, index) }),
          // the first server needs no catalogue, the second does
          ...(place === 0 ? [] : [anObservation({ externalId: 920_000 + index, name, price: index + 2 })]),
        ],
      }));
      return processes[index % 4]!.store(INGEST_PRINCIPAL, batches, undefined, (stored) => stored.flat());
    });
    await Promise.all(rounds);
    expect((await itemsLike('Learner%')).map((item) => item.externalId).sort()).toEqual(
      names.map((_, index) => 920_000 + index),
    );
  });
});

describe('an item that learns its category', () => {
  const versionsOf = async (server: ServerRow): Promise<object> => {
    const [row] = await units.owner(
      `SELECT (SELECT version::float8 FROM market.server_version WHERE server_id = $1) AS prices,
         (SELECT version::float8 FROM market.rollup_version WHERE server_id = $1) AS rollups,
         (SELECT version::float8 FROM market.figure_version WHERE server_id = $1) AS figures`,
      [server.id],
    );
    return row!;
  };

  it('has the first one that a price names, in whatever process, and moves all versions of servers that show it', async () => {
    const servers = await Promise.all(Array.from({ length: 3 }, () => insertServer(units)));
    const [shows, other, teaches] = servers as [ServerRow, ServerRow, ServerRow];
    const plain = anObservation({ externalId: 910_020, name: 'Filed Late' });
    await store(shows, [plain]);
    await store(other, [anObservation()]);
    await store(teaches, [plain]);
    for (const { id } of servers) {
      await units.owner(
        `INSERT INTO market.rollup_version (server_id, as_of, version) VALUES ($1, current_date, 5)`,
        [id],
      );
      await units.owner('INSERT INTO market.figure_version (server_id, version) VALUES ($1, 5)', [id]);
    }
    const [first, same] = [await versionsOf(shows), await versionsOf(other)];
    const elsewhere = newIngest(units);
    const later = { ...plain, price: 7, capturedAtMs: plain.capturedAtMs + 1 };
    await store(teaches, [later], elsewhere); // it remembers the item without a category
    expect(await versionsOf(shows)).toEqual(first);
    const filed = { ...later, category: 'Filed Wood', price: 8, capturedAtMs: plain.capturedAtMs + 2 };
    expect(await store(teaches, [filed], elsewhere)).not.toContain(null);
    expect(await itemsLike('Filed Late')).toMatchObject([{ externalId: 910_020, category: 'Filed Wood' }]);
    const second = (await versionsOf(shows)) as Record<string, number>;
    const moved = Object.fromEntries(Object.entries(first).map(([key, value]) => [key, Number(value) + 1]));
    expect(second).toEqual(moved);
    expect(await versionsOf(other)).toEqual(same);
    for (const by of [ingest, elsewhere, newIngest(units)])
      await store(teaches, [{ ...filed, category: 'Filed Metal', price: 9 }], by);
    expect(await itemsLike('Filed Late')).toMatchObject([{ category: 'Filed Wood' }]);
    expect(await versionsOf(shows)).toEqual(second);
  });

  it('has none where a curator has said so', async () => {
    const server = await insertServer(units);
    const plain = anObservation({ externalId: 910_021, name: 'Unfiled' });
    await store(server, [plain]);
    await units.owner("UPDATE market.item SET curated_at = now() WHERE label = 'Unfiled'");
    await store(server, [
      { ...plain, category: 'Filed Wood', price: 8, capturedAtMs: plain.capturedAtMs + 2 },
    ]);
    expect(await itemsLike('Unfiled')).toMatchObject([{ category: null }]);
  });
});

describe('batches of several servers', () => {
  it('are stored together or not at all', async () => {
    const servers = [await insertServer(units), await insertServer(units)];
    const batches = servers.map((server) => ({
      server,
      observations: [anObservation(), anObservation({ externalId: 304 })],
    }));
    await expect(
      ingest.store(INGEST_PRINCIPAL, batches, undefined, () => {
        throw new Error('no answer');
      }),
    ).rejects.toThrow('no answer');
    for (const server of servers) expect(await count('observation', server)).toBe(0);
    const { body } = await ingest.store(
      INGEST_PRINCIPAL,
      [...batches].reverse(),
      undefined,
      (stored) => stored,
    );
    expect(body.flat().filter((id) => id !== null)).toHaveLength(4);
    for (const server of servers) expect(await count('latest', server)).toBe(2);
  });

  it('do not lock each other, in whichever order they name the servers', async () => {
    const servers = await Promise.all(Array.from({ length: 3 }, () => insertServer(units)));
    const processes = [newIngest(units), newIngest(units)];
    const rounds = Array.from({ length: 12 }, (_, round) => {
      const order = round % 2 ? servers : [...servers].reverse();
      const batches = order.map((server) => ({
        server,
        observations: [anObservation({ price: round + 1, capturedAtMs: Date.UTC(2026, 1, 1, 0, 0, round) })],
      }));
      return processes[round % 2]!.store(INGEST_PRINCIPAL, batches, undefined, (stored) => stored.flat());
    });
    for (const { body } of await Promise.all(rounds)) expect(body).not.toContain(null);
    for (const server of servers) expect(await count('observation', server)).toBe(12);
  });
});

describe('a batch with an Idempotency-Key', () => {
  it('is stored once and answered twice', async () => {
    const server = await insertServer(units);
    const request = { route: 'POST /spec', key: randomUUID(), bodyDigest: sha256(Buffer.from('x')) };
    const batches = [{ server, observations: [anObservation()] }];
    const answer = (stored: StoredIds[]) => ({ stored });
    const first = await ingest.store(INGEST_PRINCIPAL, batches, request, answer);
    const second = await newIngest(units).store(INGEST_PRINCIPAL, batches, request, answer);
    expect(first.isReplayed).toBe(false);
    expect(second).toEqual({ ...first, isReplayed: true });
    expect([await count('observation', server), first.body.stored.flat()]).toEqual([1, [expect.any(Number)]]);
  });
});
