import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openRelationsWorld, type RelationsWorld } from '../../../test/support/relations-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';
import type { LinkDraft } from './campaign-links.service.js';
import type { ShownLinkRow } from './links.repository.js';

let units: TestUnits;
let world: RelationsWorld;

beforeAll(async () => {
  units = await openUnits();
  world = openRelationsWorld(units);
});

afterAll(() => units.close());

const code = (name: keyof typeof TABLETOP_ERROR) => expect.objectContaining({ code: TABLETOP_ERROR[name] });

const link = (by: Principal, campaignId: string, draft: LinkDraft): Promise<ShownLinkRow> =>
  units.app.run(by, async (tx) =>
    world.links.create(tx, by, await world.access.require(tx, by, campaignId), draft),
  );

const list = (by: Principal, campaignId: string, objectId?: string): Promise<string[]> =>
  units.app.run(by, async (tx) => {
    const seat = await world.access.require(tx, by, campaignId);
    return (await world.links.list(tx, seat, { kind: 'relationship', objectId }, null, 50)).map(
      ({ id }) => id,
    );
  });

describe('links between objects', () => {
  it('are made by masters between anything, by players from what is theirs, by observers not at all', async () => {
    const { master, campaignId } = await world.aCampaign();
    const [player, observer] = [
      await world.aSeat(campaignId, 'player'),
      await world.aSeat(campaignId, 'observer'),
    ];
    const [own, other] = [
      await world.aCharacterRow(campaignId, { ownerId: player.id, name: 'Wren' }),
      await world.aCharacterRow(campaignId, { name: 'Bram' }),
    ];
    const draft = { kind: 'relationship', fromId: own, toId: other, type: 'rival', strength: -20 } as const;
    const made = await link(player, campaignId, draft);
    expect(made).toMatchObject({
      fromName: 'Wren',
      toName: 'Bram',
      toKind: 'character',
      visibility: 'party',
      version: 1,
    });
    expect(await link(master, campaignId, { ...draft, fromId: other, toId: own })).toMatchObject({
      visibility: 'gm',
    });
    await expect(link(player, campaignId, { ...draft, fromId: other, toId: own })).rejects.toEqual(
      code('roleTooLow'),
    );
    await expect(link(player, campaignId, { ...draft, kind: 'ownership' })).rejects.toEqual(
      code('roleTooLow'),
    );
    await expect(link(observer, campaignId, draft)).rejects.toEqual(code('roleTooLow'));
    await expect(link(player, campaignId, { ...draft, visibility: 'gm' })).rejects.toEqual(
      code('invalidLink'),
    );
    await expect(link(master, campaignId, { ...draft, toId: own })).rejects.toEqual(code('invalidLink'));
    await expect(link(master, campaignId, { ...draft, shownTo: [randomUUID()] })).rejects.toEqual(
      code('notAMember'),
    );
    expect(await list(observer, campaignId, other)).toEqual([made.id]);
    expect(await list(master, campaignId, other)).toHaveLength(2);
  });

  it('are not there for whoever does not see them, or one of their ends, or while one is deleted', async () => {
    const { master, campaignId } = await world.aCampaign();
    const player = await world.aSeat(campaignId, 'player');
    const [own, hidden] = [
      await world.aCharacterRow(campaignId, { ownerId: player.id }),
      await world.aCharacterRow(campaignId, { visibility: 'gm' }),
    ];
    const made = await link(master, campaignId, {
      kind: 'relationship',
      fromId: own,
      toId: hidden,
      visibility: 'party',
    });
    const find = (by: Principal, id: string) =>
      units.app.run(by, (tx) => world.links.find(tx, by, 'relationship', id));
    await expect(find(player, made.id)).rejects.toEqual(code('unknownLink'));
    await expect(find(master, randomUUID())).rejects.toEqual(code('unknownLink'));
    expect(await list(player, campaignId)).toEqual([]);
    await expect(
      link(player, campaignId, { kind: 'relationship', fromId: own, toId: hidden }),
    ).rejects.toEqual(code('unknownObject'));
    await units.app.run(master, (tx) =>
      world.objects.change(tx, master, 'character', hidden, { visibility: 'party' }),
    );
    expect(await list(player, campaignId)).toEqual([made.id]);
    await units.app.run(master, (tx) => world.objects.remove(tx, master, 'character', hidden));
    expect(await list(master, campaignId)).toEqual([]);
    const elsewhere = await world.aCampaign();
    const abroad = await world.aCharacterRow(elsewhere.campaignId);
    await expect(
      link(master, campaignId, { kind: 'relationship', fromId: own, toId: abroad }),
    ).rejects.toEqual(code('unknownObject'));
  });

  it('are changed and removed by whoever may, from the version that they have seen, and the log says so', async () => {
    const { master, campaignId } = await world.aCampaign();
    const player = await world.aSeat(campaignId, 'player');
    const [own, other] = [
      await world.aCharacterRow(campaignId, { ownerId: player.id }),
      await world.aCharacterRow(campaignId),
    ];
    const made = await link(player, campaignId, {
      kind: 'relationship',
      fromId: own,
      toId: other,
      type: 'friend',
    });
    const masters = await link(master, campaignId, {
      kind: 'relationship',
      fromId: other,
      toId: own,
      visibility: 'party',
    });
    const change = (by: Principal, id: string, seen?: number) =>
      units.app.run(by, (tx) => world.links.change(tx, by, 'relationship', id, { strength: 40 }, seen));
    const remove = (by: Principal, id: string, seen?: number) =>
      units.app.run(by, (tx) => world.links.remove(tx, by, 'relationship', id, seen));
    expect(await change(player, made.id, 1)).toMatchObject({ type: 'friend', strength: 40, version: 2 });
    await expect(change(player, made.id, 1)).rejects.toEqual(code('stale'));
    await expect(change(player, masters.id)).rejects.toEqual(code('roleTooLow'));
    await expect(remove(player, masters.id)).rejects.toEqual(code('roleTooLow'));
    await expect(remove(player, made.id, 1)).rejects.toEqual(code('stale'));
    await remove(player, made.id, 2);
    await expect(remove(player, made.id)).rejects.toEqual(code('unknownLink'));
    const log = await units.owner<{ action: string }>(
      `SELECT action, kind FROM tabletop.change WHERE campaign_id = $1 AND kind = 'link' ORDER BY id`,
      [campaignId],
    );
    expect(log.map(({ action }) => action)).toEqual(['created', 'created', 'changed', 'deleted']);
  });

  it('are one, said twice with their id, and one between two where there is but one', async () => {
    const { master, campaignId } = await world.aCampaign();
    const [one, other] = [await world.aCharacterRow(campaignId), await world.aCharacterRow(campaignId)];
    const id = randomUUID();
    const draft = { id, kind: 'ownership', fromId: one, toId: other } as const;
    expect((await link(master, campaignId, draft)).id).toBe(id);
    expect((await link(master, campaignId, draft)).id).toBe(id);
    await expect(link(master, campaignId, { ...draft, id: undefined })).rejects.toEqual(code('linkExists'));
    await expect(link(master, campaignId, { ...draft, kind: 'relationship' })).rejects.toEqual(
      code('linkExists'),
    );
  });

  it('stand by row-level security alone: a player’s own statement writes nothing that is not theirs', async () => {
    const { campaignId } = await world.aCampaign();
    const player = await world.aSeat(campaignId, 'player');
    const [one, other] = [await world.aCharacterRow(campaignId), await world.aCharacterRow(campaignId)];
    const made = await world.aRelationRow(campaignId, one, other);
    const run = (text: string) =>
      units.app.run(player, (tx) =>
        tx.query({ name: `test.write-${text.slice(0, 30)}`, text, values: [made] }),
      );
    expect(await run('UPDATE tabletop.link SET strength = 1 WHERE id = $1 RETURNING 1')).toEqual([]);
    expect(await run('DELETE FROM tabletop.link WHERE id = $1 RETURNING 1')).toEqual([]);
    expect(await run('DELETE FROM tabletop.link_event WHERE link_id = $1 RETURNING 1')).toEqual([]);
    await expect(
      run(`INSERT INTO tabletop.link_event (id, campaign_id, link_id, happened_at)
           SELECT gen_random_uuid(), campaign_id, id, now() FROM tabletop.link WHERE id = $1`),
    ).rejects.toThrow('row-level security');
  });
});
