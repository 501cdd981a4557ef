import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Tx } from '../../src/platform/database/unit-of-work.js';
import type { Principal } from '../../src/platform/auth/principal.js';
import type { ObjectDraft, ObjectPatch } from '../../src/tabletop/objects/campaign-objects.service.js';
import type { CampaignSearchQueryDto, SearchAnswerDto } from '../../src/tabletop/search/search.dto.js';
import { TABLETOP_ERROR } from '../../src/tabletop/tabletop.errors.js';
import type { SearchWorld } from './search-world.js';
import type { TestUnits } from './units.js';

// What every engine of the search has to do, on real parts.

/** A campaign with a little of everything. */
export interface SearchTable {
  readonly units: TestUnits;
  readonly world: SearchWorld;
  readonly master: Principal;
  readonly player: Principal;
  readonly campaignId: string;
  readonly ids: Readonly<Record<string, string>>;
}

export async function laySearchTable(units: TestUnits, world: SearchWorld): Promise<SearchTable> {
  const { master, campaignId } = await world.aCampaign();
  const player = await world.aSeat(campaignId, 'player');
  const ids: Record<string, string> = {};
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
  return { units, world, master, player, campaignId, ids };
}

/** @param engine who answers @param open called once, before the first question */
export function searchContract(
  engine: NonNullable<SearchAnswerDto['engine']>,
  open: () => Promise<SearchTable>,
): void {
  let units: TestUnits;
  let world: SearchWorld;
  let master: Principal;
  let player: Principal;
  let campaignId: string;
  let ids: Readonly<Record<string, string>>;

  beforeAll(async () => {
    ({ units, world, master, player, campaignId, ids } = await open());
  }, 180_000);

  /** A search server is told first what has changed, as a worker does. */
  const askIn = async (
    id: string,
    by: Principal,
    query: Partial<CampaignSearchQueryDto>,
  ): Promise<SearchAnswerDto> => {
    if (engine === 'search-server') {
      await world.index.tend();
      expect(await world.index.isFollowed(id)).toBe(true);
    }
    const answer = await world.search.search(by, id, { limit: 20, ...query });
    const isTold = engine === 'postgresql' || by.id === master.id;
    if (by.id === master.id || by.id === player.id)
      expect(answer).toMatchObject({ engine: isTold ? engine : null, standsInFor: null });
    return answer;
  };
  const ask = (by: Principal, query: Partial<CampaignSearchQueryDto>): Promise<SearchAnswerDto> =>
    askIn(campaignId, by, query);
  const names = (answer: SearchAnswerDto): string[] => answer.items.map(({ object }) => object.name);
  const code = (name: keyof typeof TABLETOP_ERROR) => expect.objectContaining({ code: TABLETOP_ERROR[name] });

  describe('a search', () => {
    it.each([
      ['ulsin glumbern', 'Ulssin Gloomburn'],
      ["i'll send bloomberg", 'Ulssin Gloomburn'],
      ['glumburn', 'Ulssin Gloomburn'],
      ['john in well', 'Jaal Moonwell'],
    ])('finds by sound and typo: %s', async (q, name) => {
      const answer = await ask(player, { q });
      expect(names(answer)[0]).toBe(name);
      expect(answer.items[0]).toMatchObject({
        matchedBy: expect.arrayContaining(['name']),
        matchedName: name,
      });
    });

    it('finds words of texts and shows where', async () => {
      const answer = await ask(player, { q: 'bridges' });
      expect(names(answer)).toContain('Jaal Moonwell');
      const hit = answer.items.find(({ object }) => object.name === 'Jaal Moonwell')!;
      expect(hit.headline).toContain('old ⟦bridge⟧');
      expect(answer.kinds).toContainEqual({ kind: 'location', count: 1 });
    });

    it('leaves out what is refused, in whatever form it stands there', async () => {
      expect(names(await ask(player, { q: 'ulssin born' }))).toContain('Jaal Moonwell');
      for (const q of ['ulssin -bridges', 'born -bridge', 'moonwell -"old bridge"']) {
        const hit = (await ask(player, { q })).items.find(({ object }) => object.name === 'Jaal Moonwell');
        expect(hit?.matchedBy ?? []).not.toContain('text');
      }
      expect((await ask(player, { q: '-bridge', types: ['location'] })).items).toEqual([]);
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
      'the quick brown fox jumps over vexing lazy dwarves '.repeat(6).slice(0, 300).trim(),
    ])('answers %s', async (q) => {
      for (const by of [player, master]) expect((await ask(by, { q })).items).toBeInstanceOf(Array);
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

    it('misses nothing of a transaction that began to write last and ends after others', async () => {
      const { master, campaignId } = await world.aCampaign();
      const find = (q: string): Promise<SearchAnswerDto> => askIn(campaignId, master, { q });
      const hold = async (name: string, ends: Promise<void>, last?: string): Promise<() => Promise<void>> => {
        let isWritten = (): void => undefined;
        const written = new Promise<void>((resolve) => (isWritten = resolve));
        const create = (tx: Tx, given: string) =>
          world.access.require(tx, master, campaignId).then((seat) =>
            world.objects.create(tx, master, seat, {
              kind: 'item',
              name: given,
              details: {},
              visibility: 'party',
            }),
          );
        const work = units.app.run(master, async (tx) => {
          await create(tx, name);
          isWritten();
          await ends;
          if (last !== undefined) await create(tx, last);
        });
        await written;
        return () => work;
      };
      let [endFirst, endSecond] = [(): void => undefined, (): void => undefined];
      await find('yunderlink');
      const first = await hold('Xylophonist', new Promise((resolve) => (endFirst = resolve)), 'Xylophagous');
      const second = await hold('Yonderling', new Promise((resolve) => (endSecond = resolve)));
      endFirst();
      await first();
      for (let time = 0; time < 2; time += 1) expect(names(await find('xylofagus'))).toContain('Xylophagous');
      endSecond();
      await second();
      expect(names(await find('yunderlink'))).toContain('Yonderling');
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
      await expect(world.learnt.forget(master, campaignId, body.id)).rejects.toEqual(
        code('unknownCorrection'),
      );
      expect(
        (await ask(player, { q: heard })).items.filter(({ matchedBy }) => matchedBy.includes('learnt')),
      ).toEqual([]);
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
            const answer = await askIn(id, guests[at]!, { q });
            const { items } = await world.suggestions.suggest(guests[at]!, id, {
              q: q.slice(0, 3),
              limit: 20,
            });
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
}
