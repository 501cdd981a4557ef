import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { aMember } from '../../../test/support/notification-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { AuditRepository } from '../../platform/audit/audit.repository.js';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { ChartRenderer } from '../../platform/charts/chart-renderer.service.js';
import type { DataSink } from '../../platform/data-rights/data-handler.js';
import { OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { IdempotencyRepository } from '../../platform/http/idempotency.repository.js';
import { IdempotencyService } from '../../platform/http/idempotency.service.js';
import type { Profiler } from '../../platform/profiling/profiler.service.js';
import { CatalogDirectory } from '../catalysts/catalog-directory.service.js';
import { CatalystHistory } from '../catalysts/catalyst-history.service.js';
import { CatalystReads } from '../catalysts/catalyst-reads.service.js';
import { CatalystStatusesRepository } from '../catalysts/catalyst-statuses.repository.js';
import { CatalystPictures } from '../pictures/catalyst-pictures.service.js';
import { PublicShares } from './public-shares.service.js';
import { MOST_SHARES, SLUG } from './share-kinds.js';
import { SharesData } from './shares-data.handler.js';
import type { NewShareDto, ShareDto } from './shares.dto.js';
import { SharesRepository } from './shares.repository.js';
import { SharesService } from './shares.service.js';

// Links of one account and what strangers see by them, in their own scopes on a real database.

const DAY_MS = 86_400_000;
const UNTIMED = { time: (_name: string, work: () => unknown) => work() } as unknown as Profiler;

let units: TestUnits;
let shares: SharesService;
let open: PublicShares;

beforeAll(async () => {
  units = await openUnits();
  const [rows, statuses, catalog] = [
    new SharesRepository(),
    new CatalystStatusesRepository(),
    new CatalogDirectory(),
  ];
  const audit = new Audit(new AuditRepository());
  shares = new SharesService(
    units.app,
    rows,
    catalog,
    new IdempotencyService(new IdempotencyRepository()),
    audit,
  );
  const reads = new CatalystReads(units.app, statuses, catalog, UNTIMED);
  const history = new CatalystHistory(units.app, reads, statuses);
  open = new PublicShares(
    units.system,
    rows,
    reads,
    new CatalystPictures(reads, history, new ChartRenderer()),
  );
});

afterAll(() => units.close());

const make = async (who: Principal, wish: Partial<NewShareDto> = {}, now?: Date): Promise<ShareDto> =>
  (await shares.create(who, { shows: 'list', validForS: 3_600, ...wish }, undefined, now)).body;
const UNKNOWN = { code: 'destiny/unknown-share' };

describe('a link', () => {
  it('is 128 random bits, never twice, and is its owner’s alone', async () => {
    const [ada, eve] = [aMember(randomUUID()), aMember(randomUUID())];
    const made = await Promise.all(Array.from({ length: 5 }, () => make(ada)));
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(5);
    for (const { slug } of made) expect(slug).toMatch(SLUG);
    expect((await shares.list(ada)).items.map(({ id }) => id).sort()).toEqual(
      made.map(({ id }) => id).sort(),
    );
    expect((await shares.list(eve)).items).toEqual([]);
    await expect(shares.revoke(eve, made[0]!.id)).rejects.toMatchObject(UNKNOWN);
    await expect(shares.revoke(ada, 'none')).rejects.toMatchObject(UNKNOWN);
    expect(await units.owner('SELECT id FROM destiny.share WHERE user_id = $1', [ada.id])).toHaveLength(5);
  });

  it('cannot be put into somebody else’s name', async () => {
    const [ada, eve] = [aMember(randomUUID()), aMember(randomUUID())];
    const row = { ...(await make(ada)), userId: ada.id, id: randomUUID(), slug: 'x' };
    const put = units.app.run(eve, (tx) =>
      new SharesRepository().insertShare(tx, { ...row, createdAt: new Date(), expiresAt: new Date() }),
    );
    await expect(put).rejects.toThrow(/row-level security/);
  });

  it('ends to the millisecond', async () => {
    const ada = aMember(randomUUID());
    const now = new Date();
    const { slug } = await make(ada, { validForS: 3_600 }, now);
    const end = now.getTime() + 3_600_000;
    expect(await open.read(slug, new Date(end - 1))).toMatchObject({ shows: 'list', displayName: null });
    await expect(open.read(slug, new Date(end))).rejects.toMatchObject(UNKNOWN);
    await expect(open.card(slug, { theme: 'light' }, new Date(end))).rejects.toMatchObject(UNKNOWN);
    expect((await shares.list(ada, new Date(end))).items[0]).toMatchObject({ isExpired: true });
  });

  it('is dead once it is revoked', async () => {
    const ada = aMember(randomUUID());
    const { id, slug } = await make(ada);
    await shares.revoke(ada, id);
    await expect(open.read(slug)).rejects.toMatchObject(UNKNOWN);
    await expect(shares.revoke(ada, id)).rejects.toMatchObject(UNKNOWN);
  });

  it('shows what its owner’s active membership is, and not another’s', async () => {
    const [ada, eve] = [aMember(randomUUID()), aMember(randomUUID())];
    const { recordHash } = new CatalogDirectory().current().catalysts[0]!;
    for (const [who, state, pct] of [
      [ada, 'complete', 100],
      [eve, 'in_progress', 40],
    ] as const) {
      const membershipId = randomUUID();
      const scoped = (text: string, values: unknown[]) =>
        units.app.run(who, (tx) => tx.query({ name: `spec.${text.length}.${values.length}`, text, values }));
      await scoped(
        `INSERT INTO destiny.membership (id, user_id, membership_type, membership_id, display_name, is_active, is_overridden,
           is_cross_save_primary, seen_at) VALUES ($1, $2, 3, $3, 'A name', true, false, false, now())`,
        [membershipId, who.id, `461168601${Math.floor(Math.random() * 1e9)}`],
      );
      await scoped('INSERT INTO destiny.profile (membership_id, user_id) VALUES ($1, $2)', [
        membershipId,
        who.id,
      ]);
      await scoped(
        `INSERT INTO destiny.catalyst_status (membership_id, user_id, record_hash, state, pct, objectives)
         VALUES ($1, $2, $3, $4, $5, '[]')`,
        [membershipId, who.id, recordHash, state, pct],
      );
    }
    const [adas, eves] = [
      await open.read((await make(ada, { shows: 'catalyst', recordHash })).slug),
      await open.read((await make(eve, { shows: 'catalyst', recordHash })).slug),
    ];
    expect(adas.items[0]).toMatchObject({ recordHash, state: 'complete', pct: 100 });
    expect(eves.items[0]).toMatchObject({ recordHash, state: 'in_progress', pct: 40 });
    expect(adas.items).toHaveLength(1);
  });

  it('is one of 20 at most, however many are asked for at once; those that have ended make room', async () => {
    const ada = aMember(randomUUID());
    const past = new Date(Date.now() - DAY_MS);
    await make(ada, {}, past);
    const tries = await Promise.allSettled(Array.from({ length: MOST_SHARES + 5 }, () => make(ada)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(MOST_SHARES);
    const refused = tries.filter((each) => each.status === 'rejected');
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'destiny/too-many-shares' });
    expect((await shares.list(ada)).items).toHaveLength(MOST_SHARES);
  });

  it('is in its owner’s export, and gone with the account', async () => {
    const [ada, eve] = [aMember(randomUUID()), aMember(randomUUID())];
    const [mine, hers] = [await make(ada, { displayName: 'Ada' }), await make(eve)];
    const handler = new SharesData(new OwnedRowsRepository());
    const exported: unknown[] = [];
    const sink: DataSink = {
      rows: async (_table, portions) => {
        for await (const portion of portions)
          exported.push(...portion.map((row): unknown => JSON.parse(row)));
      },
      file: () => undefined,
    };
    await units.system.run(SYSTEM_SCOPE, (tx) => handler.export(tx, ada.id, sink));
    expect(exported).toMatchObject([{ id: mine.id, slug: mine.slug, display_name: 'Ada' }]);
    await units.system.run(SYSTEM_SCOPE, (tx) => handler.erase(tx, ada.id));
    await expect(open.read(mine.slug)).rejects.toMatchObject(UNKNOWN);
    expect(await open.read(hers.slug)).toMatchObject({ shows: 'list' });
  });

  it('leaves events without the slug', async () => {
    const ada = aMember(randomUUID());
    const { id, slug } = await make(ada);
    await shares.revoke(ada, id);
    const events = await units.owner<{ action: string; row: string }>(
      `SELECT e.action, row_to_json(e)::text || coalesce((SELECT row_to_json(d)::text FROM platform.audit_detail d
         WHERE d.event_id = e.id), '') AS row FROM platform.audit_event e WHERE e.object_id = $1 ORDER BY e.id`,
      [id],
    );
    expect(events.map(({ action }) => action)).toEqual(['destiny.share-created', 'destiny.share-revoked']);
    for (const { row } of events) expect(row).not.toContain(slug);
  });
});
