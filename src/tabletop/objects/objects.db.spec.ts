import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { openTabletopWorld, type TabletopWorld } from '../../../test/support/tabletop-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { SeatRole } from '../campaigns/campaign-kinds.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';
import { VISIBILITIES, type Visibility } from './object-kinds.js';
import { viewerOf } from './viewers.js';
import { visibleTo } from './visible-objects.js';

// Who sees and writes what, by the policies of a real database: held against the words of the report and the predicate of indexed statements.

let units: TestUnits;
let world: TabletopWorld;

beforeAll(async () => {
  units = await openUnits();
  world = openTabletopWorld(units);
});

afterAll(() => units.close());

const code = (name: keyof typeof TABLETOP_ERROR) => expect.objectContaining({ code: TABLETOP_ERROR[name] });

const seen = (person: Principal, ids: readonly string[]): Promise<string[]> =>
  units.app.run(person, async (tx) => {
    const rows = await tx.query<{ id: string }>({
      name: 'test.seen',
      text: 'SELECT id FROM tabletop.object WHERE id = ANY ($1::uuid[])',
      values: [ids],
    });
    return rows.map(({ id }) => id).sort();
  });

const seenByPredicate = (person: Principal, role: SeatRole, ids: readonly string[]): Promise<string[]> =>
  units.system.run(SYSTEM_SCOPE, async (tx) => {
    const rows = await tx.query<{ id: string }>({
      name: 'test.seen-by-predicate',
      text: `SELECT o.id FROM tabletop.object o WHERE o.id = ANY ($1::uuid[]) AND ${visibleTo('o', '$2::uuid', '$3::text')}`,
      values: [ids, person.id, role],
    });
    return rows.map(({ id }) => id).sort();
  });

describe('objects of a campaign', () => {
  it('are shown alike by policies, by the predicate of indexed statements and by the report, in random worlds', async () => {
    const { master, campaignId } = await world.aCampaign();
    const people: [Principal, SeatRole][] = [
      [master, 'gm'],
      ...(await Promise.all(
        (['gm', 'player', 'player', 'observer'] as const).map(
          async (role) => [await world.aSeat(campaignId, role), role] as [Principal, SeatRole],
        ),
      )),
    ];
    const anyone = fc.constantFrom(...people.map(([person]) => person.id));
    const thing = fc.record({
      visibility: fc.constantFrom<Visibility>(...VISIBILITIES),
      shownTo: fc.uniqueArray(anyone, { maxLength: 2 }),
      ownerId: fc.option(anyone, { freq: 3 }),
      isDeleted: fc.boolean(),
      grant: fc.option(fc.record({ userId: anyone, isOver: fc.boolean() })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(thing, { minLength: 1, maxLength: 6 }), async (things) => {
        const now = new Date();
        const rows = await Promise.all(
          things.map(async ({ visibility, shownTo, ownerId, isDeleted, grant }) => {
            const row = await world.anObject(master, campaignId, {
              kind: 'note',
              visibility,
              shownTo,
              ownerId,
            });
            if (grant)
              await units.owner(
                `INSERT INTO tabletop.access_grant (id, campaign_id, object_id, user_id, level, expires_at)
                 VALUES ($1, $2, $3, $4, 'read', $5)`,
                [
                  randomUUID(),
                  campaignId,
                  row.id,
                  grant.userId,
                  new Date(now.getTime() + (grant.isOver ? -1 : 1) * 60_000),
                ],
              );
            if (isDeleted)
              await units.owner('UPDATE tabletop.object SET deleted_at = now() WHERE id = $1', [row.id]);
            return { row, isDeleted, grant };
          }),
        );
        const ids = rows.map(({ row }) => row.id);
        for (const [person, role] of people) {
          const living = rows.filter(({ isDeleted }) => !isDeleted);
          const said = living
            .filter(({ row, grant }) => {
              const grants = grant
                ? [
                    {
                      userId: grant.userId,
                      level: 'read',
                      expiresAt: new Date(now.getTime() + (grant.isOver ? -1 : 1) * 60_000),
                    },
                  ]
                : [];
              const member = { userId: person.id, role, displayName: '', joinedAt: now };
              return viewerOf(member, row, grants as never, [], now).canSee;
            })
            .map(({ row }) => row.id)
            .sort();
          const gone = new Set(rows.filter(({ isDeleted }) => isDeleted).map(({ row }) => row.id));
          expect((await seen(person, ids)).filter((id) => !gone.has(id))).toEqual(said);
          expect(await seenByPredicate(person, role, ids)).toEqual(said);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('are nothing to strangers, but for what is public', async () => {
    const { master, campaignId } = await world.aCampaign();
    const { master: stranger } = await world.aCampaign();
    const [hidden, open] = await Promise.all([
      world.anObject(master, campaignId, { kind: 'location', visibility: 'party' }),
      world.anObject(master, campaignId, { kind: 'location', visibility: 'public' }),
    ]);
    expect(await seen(stranger, [hidden.id, open.id])).toEqual([open.id]);
    await expect(
      units.app.run(stranger, (tx) => world.access.require(tx, stranger, campaignId)),
    ).rejects.toEqual(code('unknownCampaign'));
    const { seat } = await units.app.run(stranger, (tx) =>
      world.objects.find(tx, stranger, 'location', open.id),
    );
    expect(seat).toMatchObject({ isGuest: true, role: 'observer' });
    await expect(
      units.app.run(stranger, (tx) =>
        world.objects.change(tx, stranger, 'location', open.id, { name: 'mine' }),
      ),
    ).rejects.toEqual(code('roleTooLow'));
  });

  it('are written by masters, by the player whose they are, and by those who were given leave, until it ends', async () => {
    const { master, campaignId } = await world.aCampaign();
    const [player, other, observer] = await Promise.all([
      world.aSeat(campaignId, 'player'),
      world.aSeat(campaignId, 'player'),
      world.aSeat(campaignId, 'observer'),
    ]);
    const own = await world.anObject(player, campaignId, { kind: 'character', name: 'Brakka' });
    expect(own).toMatchObject({ ownerId: player.id, visibility: 'party', version: 1 });
    const change = (by: Principal, patch: object): Promise<unknown> =>
      units.app.run(by, (tx) => world.objects.change(tx, by, 'character', own.id, patch));
    await expect(change(player, { name: 'Brakka the Bold' })).resolves.toMatchObject({ version: 2 });
    await expect(change(other, { name: 'taken over' })).rejects.toEqual(code('roleTooLow'));
    await expect(change(player, { ownerId: other.id })).rejects.toEqual(code('roleTooLow'));
    const { id } = await world.grants.create(master, campaignId, {
      objectId: own.id,
      userId: observer.id,
      level: 'write',
      validForS: 60,
    });
    await expect(change(observer, { summary: 'by leave' })).resolves.toMatchObject({ version: 3 });
    await expect(change(observer, { visibility: 'public' })).rejects.toEqual(code('roleTooLow'));
    await world.grants.revoke(master, campaignId, id);
    await expect(change(observer, { summary: 'no more' })).rejects.toEqual(code('roleTooLow'));
    await expect(change(master, { ownerId: null })).resolves.toMatchObject({ ownerId: null });
    await expect(change(player, { name: 'mine again' })).rejects.toEqual(code('roleTooLow'));
  });

  it('hide what is around them from those who do not see that', async () => {
    const { master, campaignId } = await world.aCampaign();
    const player = await world.aSeat(campaignId, 'player');
    const lair = await world.anObject(master, campaignId, { kind: 'location' });
    const room = await world.anObject(master, campaignId, {
      kind: 'location',
      visibility: 'party',
      parentId: lair.id,
    });
    const find = (by: Principal) =>
      units.app.run(by, (tx) => world.objects.find(tx, by, 'location', room.id));
    expect((await find(master)).object.parentId).toBe(lair.id);
    expect((await find(player)).object.parentId).toBeNull();
    const { master: stranger, campaignId: elsewhere } = await world.aCampaign();
    await expect(
      world.anObject(stranger, elsewhere, { kind: 'location', parentId: lair.id }),
    ).rejects.toEqual(code('invalidParent'));
  });

  it('are shown to and owned by members alone, and lose a member who leaves', async () => {
    const { master, campaignId } = await world.aCampaign();
    const player = await world.aSeat(campaignId, 'player');
    const { master: stranger } = await world.aCampaign();
    for (const wish of [{ shownTo: [stranger.id] }, { ownerId: stranger.id }])
      await expect(world.anObject(master, campaignId, { kind: 'note', ...wish })).rejects.toEqual(
        code('notAMember'),
      );
    const note = await world.anObject(master, campaignId, { kind: 'note', shownTo: [player.id] });
    const own = await world.anObject(player, campaignId, { kind: 'character' });
    await world.members.remove(player, campaignId, player.id);
    expect(await seen(player, [note.id, own.id])).toEqual([]);
    const { object } = await units.app.run(master, (tx) =>
      world.objects.find(tx, master, 'character', own.id),
    );
    expect(object.ownerId).toBeNull();
  });

  it('find the same object again when a client sends its id twice, and nobody takes the id of another one', async () => {
    const { master, campaignId } = await world.aCampaign();
    const id = randomUUID();
    const first = await world.anObject(master, campaignId, { kind: 'note', id, name: 'Once' });
    expect(await world.anObject(master, campaignId, { kind: 'note', id, name: 'Twice' })).toEqual(first);
    const { master: stranger, campaignId: elsewhere } = await world.aCampaign();
    await expect(world.anObject(stranger, elsewhere, { kind: 'note', id })).rejects.toEqual(
      code('objectIdTaken'),
    );
  });
});

describe("a campaign's log", () => {
  it('tells masters alone what was before and after, and of secrets nothing', async () => {
    const { master, campaignId } = await world.aCampaign();
    const player = await world.aSeat(campaignId, 'player');
    const note = await world.anObject(master, campaignId, {
      kind: 'note',
      name: 'Bell',
      visibility: 'party',
    });
    await units.app.run(master, (tx) =>
      world.objects.change(tx, master, 'note', note.id, { name: 'Sunken bell' }),
    );
    const { items } = await world.objectViews.log(master, campaignId, { limit: 50, objectId: note.id });
    expect(items).toMatchObject([
      { action: 'changed', before: { name: 'Bell' }, after: { name: 'Sunken bell' }, actorId: master.id },
      { action: 'created' },
    ]);
    await expect(world.objectViews.log(player, campaignId, { limit: 50 })).rejects.toEqual(
      code('roleTooLow'),
    );
  });
});

describe('seats', () => {
  it('come by a code that is used up, ends, and is told once; a role holds from the next call on', async () => {
    const { master, campaignId } = await world.aCampaign();
    const { master: guest } = await world.aCampaign();
    const { master: late } = await world.aCampaign();
    const { code: key } = await world.invites.create(master, campaignId, {
      role: 'observer',
      mostUses: 1,
      validForS: 3_600,
    });
    const typed = key.toLowerCase().replaceAll('-', '');
    await expect(world.invites.accept(guest, { code: typed, displayName: 'Mira' })).resolves.toMatchObject({
      role: 'observer',
    });
    await expect(world.invites.accept(late, { code: key, displayName: 'Late' })).rejects.toEqual(
      code('unknownInvite'),
    );
    expect(JSON.stringify(await world.invites.list(master, campaignId))).not.toContain(key);
    await expect(world.invites.list(guest, campaignId)).rejects.toEqual(code('roleTooLow'));
    await world.members.change(master, campaignId, guest.id, { role: 'gm' });
    await expect(world.invites.list(guest, campaignId)).resolves.toMatchObject({ items: [{ uses: 1 }] });
    await world.members.change(guest, campaignId, guest.id, { role: 'observer' });
    await expect(world.invites.list(guest, campaignId)).rejects.toEqual(code('roleTooLow'));
    await expect(world.members.remove(guest, campaignId, master.id)).rejects.toEqual(code('roleTooLow'));
    await expect(world.members.change(master, campaignId, master.id, { role: 'player' })).rejects.toEqual(
      code('ownerStays'),
    );
  });

  it('cannot be taken by writing them', async () => {
    const { campaignId } = await world.aCampaign();
    const { master: stranger } = await world.aCampaign();
    await expect(
      units.app.run(stranger, (tx) =>
        world.memberRows.insertSeat(tx, campaignId, { userId: stranger.id, role: 'gm', displayName: 'Me' }),
      ),
    ).rejects.toThrow('permission denied');
  });

  it('are suspended with their campaign, and come back with it', async () => {
    const { master, campaignId } = await world.aCampaign();
    const player = await world.aSeat(campaignId, 'player');
    const note = await world.anObject(master, campaignId, { kind: 'note', visibility: 'party' });
    const open = await world.anObject(master, campaignId, { kind: 'note', visibility: 'public' });
    const lent = await world.anObject(master, campaignId, { kind: 'note' });
    const { master: stranger } = await world.aCampaign();
    const grant = { objectId: lent.id, userId: player.id, level: 'write', validForS: 600 } as const;
    await world.grants.create(master, campaignId, grant);
    await world.campaigns.remove(master, campaignId);
    expect(await seen(player, [note.id, open.id, lent.id])).toEqual([]);
    expect(await seen(stranger, [open.id])).toEqual([]);
    expect(await seen(master, [note.id])).toEqual([]);
    await expect(world.campaigns.find(master, campaignId)).rejects.toEqual(code('unknownCampaign'));
    await expect(world.campaigns.restore(player, campaignId)).rejects.toEqual(code('unknownCampaign'));
    await world.campaigns.restore(master, campaignId);
    expect(await seen(player, [note.id])).toEqual([note.id]);
  });
});
