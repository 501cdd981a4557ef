import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openSearchWorld, type SearchWorld } from '../../../test/support/search-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { ObjectDraft, ObjectPatch } from '../objects/campaign-objects.service.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';
import type { CampaignSearchQueryDto, SearchAnswerDto } from './search.dto.js';

// What somebody finds, on a real database: through policies, the predicate of indexed statements and the index of names in memory.

let units: TestUnits;
let world: SearchWorld;
let master: Principal;
let player: Principal;
let campaignId: string;
const ids: Record<string, string> = {};

beforeAll(async () => {
  units = await openUnits();
  world = openSearchWorld(units);
  ({ master, campaignId } = await world.aCampaign());
  player = await world.aSeat(campaignId, 'player');
  const make = async (
    key: string,
    draft: Partial<ObjectDraft> & Pick<ObjectDraft, 'kind'>,
  ): Promise<void> => {
    ids[key] = (await world.anObject(master, campaignId, { visibility: 'party', ...draft })).id;
  };
  await make('ulssin', {
    kind: 'character',
    name: 'Ulssin Gloomburn',
    tags: ['elf'],
    summary: 'An elf of the docks',
  });
  await make('moonwell', {
    kind: 'location',
    name: 'Jaal Moonwell',
    body: 'Where Ulssin Gloomburn was born, below the old bridge',
  });
  await make('khirzur', { kind: 'character', name: 'Khirzur', aliases: ['The Grey Hand'], visibility: 'gm' });
  await make('third', { kind: 'session', name: 'The drowned bell', details: { number: 3 } });
  await make('fourth', { kind: 'session', name: 'A quiet evening', details: { number: 4 } });
  await units.owner(
    `INSERT INTO tabletop.link (id, campaign_id, kind, from_id, to_id, visibility)
     SELECT gen_random_uuid(), $1, 'appearance', $2, id, 'party' FROM unnest($3::uuid[]) AS id`,
    [campaignId, ids['third'], [ids['ulssin'], ids['khirzur']]],
  );
}, 60_000);

afterAll(() => units.close());

const code = (name: keyof typeof TABLETOP_ERROR) => expect.objectContaining({ code: TABLETOP_ERROR[name] });
const ask = (by: Principal, query: Partial<CampaignSearchQueryDto>): Promise<SearchAnswerDto> =>
  world.search.search(by, campaignId, { limit: 20, ...query });
const names = (answer: SearchAnswerDto): string[] => answer.items.map(({ object }) => object.name);

describe('a search', () => {
  it.each([
    ['ulsin glumbern', 'Ulssin Gloomburn'],
    ["i'll send bloomberg", 'Ulssin Gloomburn'],
    ['glumburn', 'Ulssin Gloomburn'],
    ['john in well', 'Jaal Moonwell'],
  ])('finds by sound and typo: %s', async (q, name) => {
    const answer = await ask(player, { q });
    expect(names(answer)[0]).toBe(name);
    expect(answer.items[0]).toMatchObject({ matchedBy: expect.arrayContaining(['name']), matchedName: name });
  });

  it('finds words of texts and shows where', async () => {
    const answer = await ask(player, { q: 'bridges' });
    expect(names(answer)).toContain('Jaal Moonwell');
    const hit = answer.items.find(({ object }) => object.name === 'Jaal Moonwell')!;
    expect(hit.headline).toContain('old ⟦bridge⟧');
    expect(answer.kinds).toContainEqual({ kind: 'location', count: 1 });
  });

  it('asks whether another name was meant', async () => {
    expect((await ask(player, { q: 'Ulsin Gloomburm' })).didYouMean).toBe('Ulssin Gloomburn');
    expect((await ask(player, { q: 'ulssin gloomburn' })).didYouMean).toBeNull();
  });

  it('reads questions, and narrows what is found', async () => {
    const elf = await ask(player, { q: 'that elf from session 3' });
    expect(elf.understood).toMatchObject({ text: 'elf', session: 3, by: 'rules' });
    expect(names(elf)).toEqual(['Ulssin Gloomburn']);
    expect(names(await ask(player, { q: 'that elf from session 4' }))).toEqual([]);
    expect(names(await ask(player, { q: 'that elf from last session' }))).toEqual([]);
    expect(names(await ask(master, { session: 3, types: ['character'] }))).toEqual([
      'Khirzur',
      'Ulssin Gloomburn',
    ]);
    expect(names(await ask(player, { tags: ['elf'] }))).toEqual(['Ulssin Gloomburn']);
    expect(names(await ask(player, { q: 'Ulssin', types: ['location'] }))).toEqual(['Jaal Moonwell']);
  });

  it('is refused where it says nothing, and to strangers', async () => {
    await expect(ask(player, { q: ' … ' })).rejects.toEqual(code('emptySearch'));
    await expect(ask(player, {})).rejects.toEqual(code('emptySearch'));
    const { master: stranger } = await world.aCampaign();
    await expect(ask(stranger, { q: 'Ulssin' })).rejects.toEqual(code('unknownCampaign'));
  });

  it.each([
    "' OR 1=1 --",
    '"unclosed',
    '-without or',
    'a:* & (b | !c)',
    '日本語',
    'a%_\\',
    'Ω '.repeat(150).trim(),
  ])('answers %s', async (q) => {
    expect((await ask(player, { q })).engine).toBe('postgresql');
  });

  it('shows what is hidden to masters alone, until it is shown, lent or taken back', async () => {
    expect(names(await ask(master, { q: 'kirsur' }))[0]).toBe('Khirzur');
    expect((await ask(master, { q: 'the gray hand' })).items[0]!.matchedBy).toContain('alias');
    const hidden = await ask(player, { q: 'kirsur' });
    expect(names(hidden)).not.toContain('Khirzur');
    expect(hidden.didYouMean).toBeNull();
    const grant = await world.grants.create(master, campaignId, {
      objectId: ids['khirzur']!,
      userId: player.id,
      level: 'read',
      validForS: 600,
    });
    expect(names(await ask(player, { q: 'kirsur' }))[0]).toBe('Khirzur');
    await world.grants.revoke(master, campaignId, grant.id);
    expect(names(await ask(player, { q: 'kirsur' }))).not.toContain('Khirzur');
  });

  it('follows what is renamed, deleted and restored', async () => {
    const { id } = await world.anObject(master, campaignId, {
      kind: 'item',
      name: 'Zorblax',
      visibility: 'party',
    });
    expect(names(await ask(player, { q: 'zorblaks' }))).toContain('Zorblax');
    await rewrite(id, { name: 'Wimpledon' });
    expect(names(await ask(player, { q: 'zorblaks' }))).not.toContain('Wimpledon');
    expect(names(await ask(player, { q: 'wimbledon' }))[0]).toBe('Wimpledon');
    await rewrite(id, { visibility: 'gm' });
    expect(names(await ask(player, { q: 'wimbledon' }))).not.toContain('Wimpledon');
    await units.app.run(master, (tx) => world.objects.remove(tx, master, 'item', id));
    expect(names(await ask(master, { q: 'wimbledon' }))).not.toContain('Wimpledon');
    await world.objectViews.restore(master, id);
    expect(names(await ask(master, { q: 'wimbledon' }))[0]).toBe('Wimpledon');
  });

  const rewrite = (id: string, patch: ObjectPatch) =>
    units.app.run(master, (tx) => world.objects.change(tx, master, 'item', id, patch));
});

describe('corrections', () => {
  it('of players are everybody’s, of masters the masters’, until they are taken back', async () => {
    const heard = 'my brother the accountant';
    const { body } = await world.learnt.learn(
      player,
      campaignId,
      { heard, objectId: ids['ulssin']! },
      undefined,
    );
    const found = (await ask(player, { q: heard })).items[0]!;
    expect(found).toMatchObject({
      object: { name: 'Ulssin Gloomburn' },
      matchedBy: ['learnt'],
      matchedName: null,
    });
    await world.learnt.learn(
      master,
      campaignId,
      { heard: 'the traitor queen', objectId: ids['ulssin']! },
      undefined,
    );
    expect(names(await ask(master, { q: 'the traitor queen' }))[0]).toBe('Ulssin Gloomburn');
    const guess = (await ask(player, { q: 'the traitor queen' })).items;
    expect(guess.filter(({ matchedBy }) => matchedBy.includes('learnt'))).toEqual([]);
    const list = (by: Principal) => world.learnt.list(by, campaignId, { limit: 50 });
    expect((await list(player)).items.map((one) => one.heard)).toEqual([heard]);
    expect((await list(master)).items).toHaveLength(2);
    await expect(world.learnt.forget(player, campaignId, body.id)).rejects.toEqual(code('roleTooLow'));
    await world.learnt.forget(master, campaignId, body.id);
    await expect(world.learnt.forget(master, campaignId, body.id)).rejects.toEqual(code('unknownCorrection'));
    expect(
      (await ask(player, { q: heard })).items.filter(({ matchedBy }) => matchedBy.includes('learnt')),
    ).toEqual([]);
  });

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

describe('secrets', () => {
  it('are found by their words, by masters alone, and lie nowhere in the clear', async () => {
    const text = 'Serves the Drowned Hierophant since Midwinter';
    await world.secrets.put(master, ids['ulssin']!, 'allegiance', { text });
    const hit = (await ask(master, { q: 'hierophant drowned' })).items[0]!;
    expect(hit).toMatchObject({
      object: { name: 'Ulssin Gloomburn' },
      matchedBy: expect.arrayContaining(['secret']),
      secretFields: ['allegiance'],
    });
    const players = await ask(player, { q: 'hierophant drowned' });
    expect(players.items.filter(({ secretFields }) => secretFields.length > 0)).toEqual([]);
    expect(players.items.filter(({ matchedBy }) => matchedBy.includes('secret'))).toEqual([]);
    await world.secrets.put(master, ids['ulssin']!, 'allegiance', { text: 'Nobody knows' });
    const after = (await ask(master, { q: 'hierophant' })).items;
    expect(after.filter(({ secretFields }) => secretFields.length > 0)).toEqual([]);
    const rows = await units.owner<{ row: string }>('SELECT t::text AS row FROM tabletop.secret_token t');
    expect(JSON.stringify(rows).toLowerCase()).not.toContain('nobody');
    expect(JSON.stringify(rows)).not.toContain(Buffer.from('nobody').toString('hex'));
    expect(rows).toHaveLength(1);
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

describe('what is hidden', () => {
  const syllable = fc.constantFrom('ul', 'ssin', 'gloom', 'burn', 'kha', 'zir', 'moon', 'well');
  const name = fc.array(syllable, { minLength: 1, maxLength: 3 }).map((all) => all.join(''));
  const drafts = fc.array(
    fc.record({ name, visibility: fc.constantFrom('gm' as const, 'party' as const), body: name }),
    { minLength: 3, maxLength: 8 },
  );

  it('changes nothing of what a player is answered', async () => {
    await fc.assert(
      fc.asyncProperty(drafts, name, async (all, q) => {
        const [whole, shown] = [await world.aCampaign(), await world.aCampaign()];
        const guests = [
          await world.aSeat(whole.campaignId, 'player'),
          await world.aSeat(shown.campaignId, 'player'),
        ];
        for (const draft of all) {
          await world.anObject(whole.master, whole.campaignId, { kind: 'character', ...draft });
          if (draft.visibility === 'party')
            await world.anObject(shown.master, shown.campaignId, { kind: 'character', ...draft });
        }
        const answers = [];
        for (const [at, { campaignId: id }] of [whole, shown].entries()) {
          const answer = await world.search.search(guests[at]!, id, { q, limit: 20 });
          const { items } = await world.suggestions.suggest(guests[at]!, id, { q: q.slice(0, 3), limit: 20 });
          const bare = <T extends { object: { id: string } }>(hits: readonly T[]) =>
            hits.map(({ object, ...rest }) => ({ ...rest, object: { ...object, id: '' } }));
          answers.push({ ...answer, items: bare(answer.items), suggested: bare(items) });
        }
        expect(answers[0]).toEqual(answers[1]);
      }),
      { numRuns: 8 },
    );
  }, 60_000);
});
