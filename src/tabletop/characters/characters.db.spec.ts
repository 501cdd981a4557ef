import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCharacter,
  aDnd5eTable,
  type CharactersWorld,
  openCharactersWorld,
} from '../../../test/support/characters-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';
import type { CharacterDto, NewCharacterDto } from './characters.dto.js';
import { MOST_SHEET_DEPTH } from './clean-sheet.js';

let units: TestUnits;
let world: CharactersWorld;

beforeAll(async () => {
  units = await openUnits();
  world = openCharactersWorld(units);
});

afterAll(() => units.close());

const code = (name: keyof typeof TABLETOP_ERROR) => expect.objectContaining({ code: TABLETOP_ERROR[name] });

const ABILITY = { score: 12 };
const ABILITIES = { str: ABILITY, dex: ABILITY, con: ABILITY, int: ABILITY, wis: ABILITY, cha: ABILITY };

const create = (by: Principal, campaignId: string, wish?: Partial<NewCharacterDto>): Promise<CharacterDto> =>
  aCharacter(world, by, campaignId, wish);
const aTable = (change?: object): ReturnType<typeof aDnd5eTable> => aDnd5eTable(world, change);

describe('a character', () => {
  it('shows its face to whoever sees it, and how it is played where it is open, to its player and to masters', async () => {
    const { master, player, other, campaignId } = await aTable();
    const own = await create(player, campaignId, {
      sheet: { abilities: ABILITIES },
      voice: { accent: 'northern', tics: ['hums'] },
      ancestry: 'elf',
    });
    expect(own).toMatchObject({
      ownerId: player.id,
      visibility: 'party',
      ancestry: 'elf',
      play: { isOpen: true, system: 'dnd5e' },
    });
    expect((await world.characters.find(other, own.id)).play).toMatchObject({
      voice: { accent: 'northern' },
    });
    await world.characters.change(player, own.id, { isOpen: false }, undefined);
    expect((await world.characters.find(other, own.id)).play).toBeNull();
    expect((await world.characters.find(player, own.id)).play).not.toBeNull();

    const npc = await create(master, campaignId, {
      name: 'The Duke',
      characterKind: 'npc',
      visibility: 'party',
      guidance: { hooks: ['He is the murderer.'] },
    });
    const seen = await world.characters.find(player, npc.id);
    expect([seen.play, JSON.stringify(seen).includes('murderer')]).toEqual([null, false]);
    const details = await units.owner<{ text: string }>(
      'SELECT details::text || search::text AS text FROM tabletop.object WHERE id = $1',
      [npc.id],
    );
    expect(details[0]!.text).not.toMatch(/murder/i);
    expect(
      (await world.characters.list(player, campaignId, { limit: 10, characterKind: 'npc' })).items.map(
        ({ id }) => id,
      ),
    ).toEqual([npc.id]);
    expect(
      (await world.characters.list(player, campaignId, { limit: 10, ownerId: player.id })).items,
    ).toHaveLength(1);
    await expect(world.characters.change(other, own.id, { name: 'Taken' }, undefined)).rejects.toEqual(
      code('roleTooLow'),
    );
    await expect(world.characters.find(world.aStranger(), own.id)).rejects.toEqual(code('unknownObject'));
  });

  it('keeps a sheet as its system has it, merged, cleaned, and not too deep or large', async () => {
    const { player, campaignId } = await aTable();
    const made = await create(player, campaignId, {
      sheet: { abilities: ABILITIES, hitPoints: { value: 9, max: 12 } },
    });
    const change = (sheet: Record<string, unknown>) =>
      world.characters.change(player, made.id, { sheet }, undefined);
    const { character } = await change({
      hitPoints: { value: 3 },
      notes: '<b>Hurt</b><script>steal()</script>',
    });
    expect(character.play!.sheet).toEqual({
      abilities: ABILITIES,
      hitPoints: { value: 3, max: 12 },
      notes: '<b>Hurt</b>',
    });
    expect(character.version).toBe(made.version + 1);
    for (const bad of [{ abilities: null }, { hitPoints: { value: 'much' } }, { system: { abilities: {} } }])
      await expect(change(bad)).rejects.toEqual(code('invalidSheet'));
    let deep: Record<string, unknown> = {};
    for (let level = 0; level < MOST_SHEET_DEPTH; level += 1) deep = { deep };
    await expect(change({ custom: deep })).rejects.toEqual(code('invalidSheet'));
    const large = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [`text${at}`, 'x'.repeat(10_000)]),
    );
    await expect(change({ custom: large })).rejects.toEqual(code('sheetTooLarge'));
    expect((await world.characters.find(player, made.id)).play!.sheet).toEqual(character.play!.sheet);
    const body = '<img src=x onerror=steal()>Once <i>a</i> guard.';
    expect((await world.characters.change(player, made.id, { body }, undefined)).character.body).toBe(
      'Once <i>a</i> guard.',
    );
    await expect(world.characters.change(player, made.id, { name: 'Late' }, 1)).rejects.toEqual(
      code('stale'),
    );
  });

  it('is not made by a player under the id of somebody whom they see', async () => {
    const { master, player, campaignId } = await aTable();
    const npc = await create(master, campaignId, { characterKind: 'npc', visibility: 'party' });
    await expect(create(player, campaignId, { id: npc.id })).rejects.toEqual(code('objectIdTaken'));
    const own = await create(player, campaignId);
    expect(await create(player, campaignId, { id: own.id })).toEqual(own);
  });

  it('keeps what others have written into its details', async () => {
    const { player, campaignId } = await aTable();
    const own = await create(player, campaignId, { ancestry: 'elf' });
    await units.owner(
      `UPDATE tabletop.object SET details = details || '{"source": "Foundry"}' WHERE id = $1`,
      [own.id],
    );
    await world.characters.change(player, own.id, { ancestry: null, calling: 'ranger' }, undefined);
    const [row] = await units.owner<{ details: object }>(
      'SELECT details FROM tabletop.object WHERE id = $1',
      [own.id],
    );
    expect(row!.details).toEqual({ characterKind: 'pc', calling: 'ranger', source: 'Foundry' });
  });

  it('keeps but harmless HTML of how somebody speaks, what moves them and what they carry', async () => {
    const { player, campaignId } = await aTable();
    const [bad, good] = ['<b>Low</b><script>steal()</script>', '<b>Low</b>'];
    const own = await create(player, campaignId, { voice: { notes: bad }, guidance: { hooks: [bad] } });
    expect(own.play).toMatchObject({ voice: { notes: good }, guidance: { hooks: [good] } });
    const wish = { voice: { tics: [bad] }, guidance: { notes: bad } };
    expect((await world.characters.change(player, own.id, wish, undefined)).character.play).toMatchObject({
      voice: { notes: good, tics: [good] },
      guidance: { hooks: [good], notes: good },
    });
    const thing = { name: 'Rope', notes: bad };
    const { body: rope } = await world.inventory.add(player, own.id, thing, undefined);
    expect(rope.notes).toBe(good);
    expect((await world.inventory.change(player, rope.id, { notes: `${bad}!` }, undefined)).notes).toBe(
      `${good}!`,
    );
  });

  it('tells the party nothing of what happens to a closed sheet, and whoever plays it all of it', async () => {
    const { master, player, campaignId } = await aTable();
    const npc = await create(master, campaignId, {
      characterKind: 'npc',
      visibility: 'party',
      sheet: { abilities: ABILITIES },
    });
    const seen = await world.characters.find(player, npc.id);
    const inner = await world.characters.change(master, npc.id, { sheet: { notes: 'Hurt.' } }, npc.version);
    expect(inner.character.version).toBe(npc.version + 1);
    await expect(
      world.characters.change(master, npc.id, { sheet: { notes: 'Late.' } }, npc.version),
    ).rejects.toEqual(code('stale'));
    const { body } = await world.progress.addExperience(
      master,
      npc.id,
      { amount: 5, reason: 'x' },
      undefined,
    );
    expect(body.version).toBe(npc.version + 2);
    expect(await world.characters.find(player, npc.id)).toEqual(seen);
    const listed = async (by: Principal) =>
      (await world.characters.list(by, campaignId, { limit: 10 })).items.map(({ version }) => version);
    expect([await listed(player), await listed(master)]).toEqual([[seen.version], [body.version]]);

    const face = { name: 'The late Duke', guidance: { notes: 'A ghost.' } };
    const { character } = await world.characters.change(master, npc.id, face, body.version);
    expect(character.version).toBe(body.version + 1);
    const opened = await world.characters.change(master, npc.id, { isOpen: true }, character.version);
    expect(opened.character.version).toBe(character.version + 1);
    expect((await world.characters.find(player, npc.id)).version).toBe(seen.version + 2);
    await expect(world.characters.remove(master, npc.id, character.version)).rejects.toEqual(code('stale'));
    await world.characters.remove(master, npc.id, opened.character.version);
  });

  it('is changed by whoever it was lent to, who sees how it is played as long as that lasts', async () => {
    const { master, other, campaignId } = await aTable();
    const npc = await create(master, campaignId, {
      characterKind: 'npc',
      visibility: 'gm',
      sheet: { abilities: ABILITIES },
    });
    await expect(world.characters.find(other, npc.id)).rejects.toEqual(code('unknownObject'));
    const grant = { objectId: npc.id, userId: other.id, level: 'write', validForS: 60 } as const;
    await world.grants.create(master, campaignId, grant);
    const { character } = await world.characters.change(
      other,
      npc.id,
      { sheet: { notes: 'Lent.' } },
      undefined,
    );
    expect(character.play!.sheet).toMatchObject({ notes: 'Lent.' });
    await expect(world.characters.change(other, npc.id, { isOpen: true }, undefined)).rejects.toEqual(
      code('roleTooLow'),
    );
    await units.owner('UPDATE tabletop.access_grant SET expires_at = now() WHERE object_id = $1', [npc.id]);
    await expect(world.characters.find(other, npc.id)).rejects.toEqual(code('unknownObject'));
  });
});

describe('a proposal', () => {
  it('is what a player’s change becomes where a master approves; accepted while nobody has touched its places', async () => {
    const { master, player, other, campaignId } = await aTable({ needsApproval: true });
    const made = await create(player, campaignId, {
      sheet: { abilities: ABILITIES, hitPoints: { value: 9, max: 12 } },
    });
    const propose = async (wish: object) =>
      (await world.characters.change(player, made.id, wish, undefined)).proposal!;
    const wished = await propose({ name: 'Ulssin the Bold', sheet: { hitPoints: { max: 20 } } });
    expect(wished).toMatchObject({
      status: 'open',
      before: { name: 'Ulssin', sheet: { hitPoints: { max: 12 } } },
    });
    expect((await world.characters.find(master, made.id)).name).toBe('Ulssin');
    expect((await world.proposals.list(other, made.id, null, null, 10)).items).toEqual([]);
    expect((await world.proposals.list(master, made.id, 'open', null, 10)).items).toEqual([wished]);
    await expect(world.proposals.accept(player, wished.id)).rejects.toEqual(code('roleTooLow'));
    await expect(world.proposals.accept(other, wished.id)).rejects.toEqual(code('unknownProposal'));

    await world.characters.change(master, made.id, { sheet: { hitPoints: { value: 2 } } }, undefined);
    expect(await world.proposals.accept(master, wished.id)).toMatchObject({ status: 'accepted' });
    expect(await world.proposals.accept(master, wished.id)).toMatchObject({ status: 'accepted' });
    await expect(world.proposals.reject(master, wished.id, '')).rejects.toEqual(code('staleProposal'));
    expect(await world.characters.find(master, made.id)).toMatchObject({
      name: 'Ulssin the Bold',
      play: { sheet: { hitPoints: { value: 2, max: 20 } } },
    });

    const stale = await propose({ sheet: { hitPoints: { max: 99 } } });
    await world.characters.change(master, made.id, { sheet: { hitPoints: { max: 30 } } }, undefined);
    await expect(world.proposals.accept(master, stale.id)).rejects.toEqual(code('staleProposal'));
    expect(await world.proposals.reject(master, stale.id, 'Too bold.')).toMatchObject({
      status: 'rejected',
      reason: 'Too bold.',
    });
    await expect(world.proposals.withdraw(player, stale.id)).rejects.toEqual(code('staleProposal'));
    const own = await propose({ name: 'U.' });
    await world.proposals.withdraw(player, own.id);
    await expect(world.proposals.withdraw(player, own.id)).rejects.toEqual(code('unknownProposal'));
    expect(
      (await world.characters.change(master, made.id, { name: 'By the master' }, undefined)).proposal,
    ).toBeNull();
  });
});

describe('a character’s way', () => {
  it('is told by points, achievements, milestones and relations, to whoever sees them', async () => {
    const { master, player, other, campaignId } = await aTable();
    const made = await create(player, campaignId, { isOpen: false });
    const add = (amount: number) =>
      world.progress.addExperience(
        master,
        made.id,
        { amount, reason: `for ${amount}` },
        undefined,
        new Date('2026-03-01T00:00:00Z'),
      );
    expect((await add(350)).body.play).toMatchObject({ xp: 350, level: 2, xpToNextLevel: 550 });
    expect((await add(-9_999)).body.play).toMatchObject({ xp: 0, level: 1 });
    await expect(
      world.progress.addExperience(player, made.id, { amount: 1, reason: 'x' }, undefined),
    ).rejects.toEqual(code('roleTooLow'));
    const milestones = [{ text: 'Found the bell', reachedAt: '2026-04-01T00:00:00Z' }, { text: 'Rang it' }];
    const { body: arc } = await world.arcs.create(
      player,
      made.id,
      { name: 'The bell', milestones },
      undefined,
    );
    expect(arc).toMatchObject({ status: 'planned', progressPct: 50, parentId: made.id, ownerId: player.id });
    await expect(world.arcs.create(other, made.id, { name: 'Not mine' }, undefined)).rejects.toEqual(
      code('roleTooLow'),
    );
    const resolved = { status: 'resolved' as const, goals: ['Rest'], spotlightMinutes: 40 };
    expect(await world.arcs.change(player, arc.id, resolved, undefined)).toMatchObject({
      ...resolved,
      progressPct: 50,
    });
    const awardedAt = '2026-05-01T00:00:00Z';
    await expect(world.arcs.award(player, made.id, { name: 'Best of all' }, undefined)).rejects.toEqual(
      code('roleTooLow'),
    );
    const { body: badge } = await world.arcs.award(
      master,
      made.id,
      { name: 'Bell ringer', awardedAt },
      undefined,
    );
    const secret = await world.aCharacterRow(campaignId, { visibility: 'gm', name: 'The Duke' });
    await world.aRelationRow(campaignId, made.id, secret, {
      type: 'heir of',
      happenedAt: new Date('2026-02-01T00:00:00Z'),
    });

    const kinds = async (by: Principal) =>
      (await world.progress.evolution(by, made.id)).map(({ kind }) => kind);
    expect(await kinds(master)).toEqual([
      'relationship',
      'experience',
      'experience',
      'milestone',
      'achievement',
    ]);
    expect(await kinds(player)).toEqual(['experience', 'experience', 'milestone', 'achievement']);
    expect(await kinds(other)).toEqual(['milestone', 'achievement']);
    expect((await world.arcs.listAchievements(other, made.id)).map(({ name }) => name)).toEqual([
      'Bell ringer',
    ]);
    const plan = (wish: object) =>
      world.arcs.create(master, made.id, { name: 'She falls', ...wish }, undefined);
    for (const wish of [{}, { visibility: 'gm' }, { visibility: 'members', shownTo: [other.id] }])
      expect((await plan(wish)).body.ownerId).toBeNull();
    for (const wish of [{ visibility: 'party' }, { shownTo: [player.id] }])
      expect((await plan(wish)).body.ownerId).toBe(player.id);
    expect((await world.arcs.list(player, made.id)).filter(({ name }) => name === 'She falls')).toHaveLength(
      2,
    );
    await world.arcs.revoke(master, badge.id);
    await world.arcs.remove(player, arc.id, undefined);
    expect(await kinds(other)).toEqual([]);
  });
});
