import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { laySearchTable, searchContract, type SearchTable } from '../../../test/support/search-contract.js';
import { openSearchWorld, type SearchWorld } from '../../../test/support/search-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';
import type { CampaignSearchQueryDto, SearchAnswerDto } from './search.dto.js';

// What somebody finds, on a real database: through policies, the predicate of indexed statements and the index of names in memory.

let units: TestUnits;
let world: SearchWorld;
let table: SearchTable;
let master: Principal;
let player: Principal;
let campaignId: string;
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  units = await openUnits();
  world = openSearchWorld(units);
  table = await laySearchTable(units, world);
  ({ master, player, campaignId, ids } = table);
}, 60_000);

afterAll(() => units.close());

const code = (name: keyof typeof TABLETOP_ERROR) => expect.objectContaining({ code: TABLETOP_ERROR[name] });
const ask = (by: Principal, query: Partial<CampaignSearchQueryDto>): Promise<SearchAnswerDto> =>
  world.search.search(by, campaignId, { limit: 20, ...query });

describe('PostgreSQL', () => {
  searchContract('postgresql', () => Promise.resolve(table));
});

describe('corrections', () => {
  it('are not for what one does not see, nor for those who only watch', async () => {
    const wish = { heard: 'somebody', objectId: ids['khirzur']! };
    await expect(world.learnt.learn(player, campaignId, wish, undefined)).rejects.toEqual(
      code('unknownObject'),
    );
    const observer = await world.aSeat(campaignId, 'observer');
    await expect(
      world.learnt.learn(observer, campaignId, { ...wish, objectId: ids['ulssin']! }, undefined),
    ).rejects.toEqual(code('roleTooLow'));
    await expect(
      world.learnt.learn(
        player,
        campaignId,
        { ...wish, objectId: ids['ulssin']!, isForMasters: true },
        undefined,
      ),
    ).rejects.toEqual(code('roleTooLow'));
    await expect(world.learnt.learn(player, campaignId, { ...wish, heard: '…' }, undefined)).rejects.toEqual(
      code('emptySearch'),
    );
  });
});

describe('suggestions', () => {
  const suggest = (by: Principal, q: string) => world.suggestions.suggest(by, campaignId, { q, limit: 5 });

  it('begin as was typed, then sound like it, and are what the caller sees', async () => {
    expect((await suggest(player, 'gloo')).items[0]).toMatchObject({
      text: 'Ulssin Gloomburn',
      isPrefix: true,
    });
    expect((await suggest(player, 'ulsin gl')).items[0]).toMatchObject({
      text: 'Ulssin Gloomburn',
      isPrefix: false,
    });
    expect((await suggest(master, 'khi')).items[0]).toMatchObject({ text: 'Khirzur', isPrefix: true });
    expect((await suggest(master, 'the gr')).items[0]).toMatchObject({ text: 'The Grey Hand' });
    expect(JSON.stringify(await suggest(player, 'khirzur'))).not.toContain('Khirzur');
  });

  it('come from one’s own last questions too', async () => {
    await ask(player, { q: 'bridges of old' });
    expect((await suggest(player, 'bridges o')).recent).toEqual(['bridges of old']);
    expect((await suggest(master, 'bridges o')).recent).toEqual([]);
  });
});

describe('questions that are kept', () => {
  it('are their asker’s alone, changed by who has seen them, and few where they keep themselves', async () => {
    const { body } = await world.saved.create(
      player,
      campaignId,
      { name: 'Elves', query: { q: 'elf' } },
      undefined,
    );
    expect((await world.saved.list(master, campaignId, { limit: 50 })).items).toEqual([]);
    await expect(
      world.saved.change(master, campaignId, body.id, { name: 'Mine' }, undefined),
    ).rejects.toEqual(code('unknownSavedSearch'));
    const changed = await world.saved.change(player, campaignId, body.id, { query: { tags: ['elf'] } }, 1);
    expect(changed).toMatchObject({ name: 'Elves', query: { tags: ['elf'] }, version: 2 });
    await expect(world.saved.remove(player, campaignId, body.id, 1)).rejects.toEqual(code('stale'));
    await world.saved.remove(player, campaignId, body.id, 2);
    for (let at = 0; at < 23; at += 1) await ask(player, { q: `question ${at}` });
    const recent = (await world.saved.listRecent(player, campaignId)).items.map(({ q }) => q);
    expect(recent).toHaveLength(20);
    expect(recent[0]).toBe('question 22');
    await world.saved.clearRecent(player, campaignId);
    expect((await world.saved.listRecent(player, campaignId)).items).toEqual([]);
  });
});

describe('mentions', () => {
  const list = (by: Principal, id: string) => world.mentions.list(by, campaignId, id, { limit: 50 });

  it('are what the caller sees: texts that name it, and sessions in which it appeared', async () => {
    const { items } = await list(player, ids['ulssin']!);
    expect(items.map(({ object, by }) => [object.name, by])).toEqual([
      ['The drowned bell', ['appearance']],
      ['Jaal Moonwell', ['text']],
    ]);
    expect(items[1]!.headline).toContain('⟦Ulssin⟧');
    await expect(list(player, ids['khirzur']!)).rejects.toEqual(code('unknownObject'));
  });

  it('and what is hidden suggest what is related, to whom sees it', async () => {
    const related = async (by: Principal) =>
      (await world.mentions.related(by, campaignId, ids['ulssin']!)).items.map(({ object, reasons }) => [
        object.name,
        ...reasons,
      ]);
    expect(await related(player)).toEqual([['Jaal Moonwell', 'Its text names this.']]);
    expect(await related(master)).toEqual([
      ['Jaal Moonwell', 'Its text names this.'],
      ['Khirzur', 'Both are linked to The drowned bell.'],
    ]);
  });
});
