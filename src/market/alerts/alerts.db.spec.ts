import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { insertServer } from '../../../test/factories/server.factory.js';
import { type AlertWorld, openAlerts } from '../../../test/support/alert-world.js';
import { aMember } from '../../../test/support/notification-world.js';
import { prepareForWorlds } from '../../../test/support/raw-worlds.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { NotificationRow } from '../../platform/notifications/notifications.repository.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import type { AlertNews } from './alert-news.js';
import type { AlertDto, NewAlertDto } from './alerts.dto.js';
import { MOST_ALERTS } from './alerts.service.js';

const HOUR_MS = 3_600_000;
/** Cheap by a fifth; armed again when it is cheap by less than a tenth. */
const CHEAP = { method: 'classic', windowDays: 30, minMarginOnCostPct: 20 };
let units: TestUnits;
let world: AlertWorld;
let caller: Principal;
let server: ServerRow;

beforeAll(async () => {
  units = await openUnits();
  await prepareForWorlds(units);
  world = openAlerts(units);
});

beforeEach(async () => {
  caller = aMember(randomUUID());
  server = await insertServer(units);
});

afterAll(async () => {
  await world.notifications.close();
  await units.close();
});

const newAlert = async (given: Partial<NewAlertDto> = {}, who = caller): Promise<AlertDto> => {
  const whole = {
    game: 'dofus',
    server: server.key,
    name: 'Cheap',
    rule: CHEAP,
    rearmPct: 50,
    silenceH: 24,
    ...given,
  };
  return (await world.alerts.create(who, whole, undefined)).body;
};
const evaluate = (nowMs?: number, turnMs = 60_000): Promise<'done' | 'left'> =>
  world.evaluation.evaluate(server.id, turnMs, nowMs === undefined ? {} : { nowMs });
const toldTo = async (who = caller): Promise<AlertNews['payload'][]> => {
  const rows: NotificationRow[] = await units.app.run(who, (tx) =>
    world.notifications.rows.listPage(tx, {
      before: null,
      isUnreadOnly: false,
      topic: 'market.alert',
      limit: 50,
    }),
  );
  return rows.reverse().map(({ payload }) => payload as AlertNews['payload']);
};
const itemsOf = (news: readonly AlertNews['payload'][]): number[][] =>
  news.map(({ items }) => items.map(({ itemId }) => itemId));
const jobs = (): Promise<{ name: string }[]> =>
  units.owner(
    `SELECT name FROM platform.job WHERE name = 'market.evaluate-alerts' AND payload ->> 'serverId' = $1 AND state = 'open'`,
    [String(server.id)],
  );

describe('an alert', () => {
  it('fires when its rule becomes true, and again after it was missed by the margin', async () => {
    await world.history(server, [1, 2]);
    const alert = await newAlert();
    const steps: [Record<number, number>, number][] = [
      [{ 1: 100, 2: 100 }, 0],
      [{ 1: 70 }, 1],
      [{ 1: 65, 2: 70 }, 2], // the first goes on, the second is new
      [{ 1: 85 }, 2], // missed, by less than the margin
      [{ 1: 70 }, 2],
      [{ 1: 100 }, 2], // missed by more
      [{ 1: 70 }, 3],
    ];
    for (const [prices, told] of steps) {
      await world.price(server, prices);
      expect(await evaluate()).toBe('done');
      expect(await toldTo()).toHaveLength(told);
    }
    expect(itemsOf(await toldTo())).toEqual([[1], [2], [1]]);
    expect(await world.alerts.find(caller, alert.id)).toMatchObject({
      matchedCount: 2,
      firedAt: expect.any(String),
    });
  });

  it('fires again without the margin once it was missed and silent for long', async () => {
    await world.history(server, [1]);
    await newAlert({ silenceH: 2 });
    const now = Date.now();
    for (const [price, laterH] of [
      [70, 0],
      [85, 0.5],
      [70, 1],
      [85, 1.5],
      [70, 3],
    ] as const) {
      await world.price(server, { 1: price });
      await evaluate(now + laterH * HOUR_MS);
    }
    expect(itemsOf(await toldTo())).toEqual([[1], [1]]);
  });

  it('does not fire at each sighting of what is seen rarely, nor stays silent after a miss', async () => {
    await world.history(server, [1, 2]);
    await newAlert({ rule: { ...CHEAP, maxAgeH: 2 } });
    const steps: [Record<number, number>, number, number][] = [
      [{ 1: 70 }, 0, 1],
      [{ 2: 100 }, 5, 1], // the first has grown old
      [{ 1: 70 }, 0, 1], // seen again as it was
      [{ 2: 100 }, 5, 1],
      [{ 1: 100 }, 0, 1], // missed
      [{ 1: 70 }, 0, 2],
    ];
    for (const [prices, laterH, told] of steps) {
      await world.price(server, prices);
      const [seen] = await units.owner<{ atMs: number }>(
        `SELECT (extract(epoch FROM max(captured_at)) * 1000)::float8 AS "atMs" FROM market.observation WHERE server_id = $1`,
        [server.id],
      );
      await evaluate(seen!.atMs + laterH * HOUR_MS);
      expect(await toldTo()).toHaveLength(told);
    }
  });

  /** Prices, so many days from now, and how often one has been told then. */
  const live = async (steps: readonly [Record<number, number>, number, number][]): Promise<void> => {
    const now = Date.now();
    for (const [prices, days, told] of steps) {
      await world.price(server, prices);
      await evaluate(now + days * 24 * HOUR_MS);
      expect(await toldTo()).toHaveLength(told);
    }
  };

  it.each([
    { minConfidence: 0.5, laterDays: 7 },
    { minN: 10, laterDays: 5 },
    { windowDays: 30, laterDays: 20 },
  ])('does not fire at each sighting of what only ages: %j', async ({ laterDays, ...bound }) => {
    await world.history(server, [1, 2]);
    await newAlert({ rule: { ...CHEAP, ...bound } });
    await live([
      [{ 1: 70 }, 0, 1],
      [{ 2: 100 }, laterDays, 1],
      [{ 1: 70 }, 0, 1], // seen again as it was
      [{ 1: 100 }, 0, 1], // missed
      [{ 1: 70 }, 0, 2],
    ]);
  });

  it('fires again for what comes back after nothing of it was seen for a whole window', async () => {
    await world.history(server, [1, 2]);
    await newAlert({ rule: { ...CHEAP, windowDays: 7 } });
    await live([
      [{ 1: 70 }, 0, 1],
      [{ 2: 100 }, 20, 1], // the first has left the window
      [{ 1: 70 }, 0, 2],
    ]);
  });

  it('fires once however often and by how many it is asked at the same time', async () => {
    await world.history(server, [1, 2]);
    await newAlert();
    await world.price(server, { 1: 70, 2: 60 });
    await Promise.all([evaluate(), evaluate(), evaluate()]);
    await evaluate();
    expect(itemsOf(await toldTo())).toEqual([[2, 1]]);
  });

  it('is told to its account alone; those that ask the same are answered alike', async () => {
    await world.history(server, [1]);
    const other = aMember(randomUUID());
    await newAlert();
    await newAlert({ name: 'Mine' }, other);
    await newAlert({ name: 'Dear', rule: { ...CHEAP, minPrice: 1_000 } }, other);
    await world.price(server, { 1: 70 });
    await evaluate();
    expect((await toldTo()).map(({ name }) => name)).toEqual(['Cheap']);
    expect((await toldTo(other)).map(({ name, server: key }) => [name, key])).toEqual([['Mine', server.key]]);
  });

  it('that waits its turn is asked next time, those that wait longest first', async () => {
    await world.history(server, [1]);
    await world.price(server, { 1: 70 });
    for (let index = 0; index < 3; index += 1)
      await newAlert({ name: `Cheap ${index}`, rule: { ...CHEAP, minN: index + 1 } });
    expect(await evaluate(undefined, 0)).toBe('left');
    expect(await evaluate()).toBe('done');
    expect((await toldTo()).map(({ name }) => name).sort()).toEqual(['Cheap 0', 'Cheap 1', 'Cheap 2']);
  });

  it('whose rule is changed is asked anew; one that is disabled is not asked', async () => {
    await world.history(server, [1]);
    const alert = await newAlert();
    await world.price(server, { 1: 70 });
    await evaluate();
    await world.alerts.change(caller, alert.id, { name: 'Other name' });
    await evaluate();
    expect(await toldTo()).toHaveLength(1);
    await world.alerts.change(caller, alert.id, { rule: { ...CHEAP, minMarginOnCostPct: 21 } });
    await evaluate();
    expect(await toldTo()).toHaveLength(2);
    await world.alerts.change(caller, alert.id, { isEnabled: false });
    await world.price(server, { 1: 100 });
    await world.price(server, { 1: 70 });
    await evaluate();
    expect(await toldTo()).toHaveLength(2);
  });
});

describe('an evaluation', () => {
  it('is asked for by figures that move and by a new alert, once while it waits', async () => {
    await world.history(server, [1]);
    expect(await jobs()).toEqual([]); // nobody waits for anything
    await newAlert();
    await newAlert();
    await world.price(server, { 1: 70 });
    expect(await jobs()).toHaveLength(1);
  });
});

describe('alerts of an account', () => {
  it('are unknown to others', async () => {
    const { id } = await newAlert();
    const stranger = aMember(randomUUID());
    for (const call of [
      world.alerts.find(stranger, id),
      world.alerts.change(stranger, id, { name: 'x' }),
      world.alerts.delete(stranger, id),
      world.alerts.find(caller, 'x'),
    ])
      await expect(call).rejects.toMatchObject({ code: 'market/unknown-alert' });
    await world.alerts.delete(caller, id);
    expect((await world.alerts.list(caller, { limit: 10, game: 'dofus' })).items).toEqual([]);
  });

  it('are so many and no more, also when they come at the same time', async () => {
    const made = await Promise.allSettled(Array.from({ length: MOST_ALERTS + 5 }, () => newAlert()));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(MOST_ALERTS);
  });

  it('have rules that a scan would take, or faults that name the field', async () => {
    const refused = newAlert({ rule: { method: 'classic', minPrice: -1, sideways: true } });
    await expect(refused).rejects.toMatchObject({
      faults: expect.arrayContaining([
        expect.objectContaining({ pointer: '/rule/minPrice' }),
        expect.objectContaining({ pointer: '/rule/sideways' }),
      ]),
    });
  });
});
