import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { destinyFactsFolder, readDestinyFacts } from '../../../test/support/destiny-facts.js';
import { aMember } from '../../../test/support/notification-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { AuditRepository } from '../../platform/audit/audit.repository.js';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { IdempotencyRepository } from '../../platform/http/idempotency.repository.js';
import { IdempotencyService } from '../../platform/http/idempotency.service.js';
import { readEnhancedTraits } from '../weapons/enhanced-traits.reader.js';
import { printWishList, type WishRoll } from './wish-list.js';
import { MOST_LISTS, MOST_ROLLS_IN_ALL, WishListDesk } from './wish-list-desk.service.js';
import { type RolledWeapon, scoreByWishes } from './wish-list-match.js';
import type { WishListDto, WishRollDto } from './wish-lists.dto.js';
import { WishListsRepository } from './wish-lists.repository.js';
import { MOST_MATCHES_TOLD, WishLists } from './wish-lists.service.js';
import { WishRollsRepository } from './wish-rolls.repository.js';

let units: TestUnits;
let desk: WishListDesk;
let wishes: WishLists;
let caller: Principal;

beforeAll(async () => {
  units = await openUnits();
  const lists = new WishListsRepository();
  desk = new WishListDesk(
    units.app,
    lists,
    new IdempotencyService(new IdempotencyRepository()),
    new Audit(new AuditRepository()),
  );
  wishes = new WishLists(units.app, lists, new WishRollsRepository());
});

beforeEach(() => {
  caller = aMember(randomUUID());
});

afterAll(() => units.close());

/** As a request brings it: in chunks that do not end with lines. */
function sent(text: string): Readable {
  const bytes = Buffer.from(text);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 60_000) chunks.push(bytes.subarray(at, at + 60_000));
  return Readable.from(chunks);
}

const make = async (text: string, who = caller): Promise<WishListDto> =>
  (await desk.create(who, undefined, sent(text), undefined)).body;

async function allRolls(id: string, item?: number): Promise<WishRollDto[]> {
  const found: WishRollDto[] = [];
  for (let cursor: string | undefined; ;) {
    const query = {
      limit: 200,
      ...(cursor !== undefined && { cursor }),
      ...(item !== undefined && { item }),
    };
    const page = await wishes.listRolls(caller, id, query);
    found.push(...page.items);
    if (page.nextCursor === null) return found;
    cursor = page.nextCursor;
  }
}

const asRoll = ({ itemHash, isTrash, perks, notes, tags }: WishRollDto): WishRoll => ({
  itemHash,
  isTrash,
  perks,
  notes: notes === null && tags.length === 0 ? null : { text: notes ?? '', tags },
});

describe('a list', () => {
  it('is stored with its rolls, their notes and the lines that said nothing', async () => {
    const list = await make(
      'title:Mine\n//notes:Dear|tags:pve\ndimwishlist:item=7&perks=1,2\nwhat\ndimwishlist:item=-7#notes:own\n\ndimwishlist:item=-69420&perks=3',
    );
    expect(list).toMatchObject({
      title: 'Mine',
      rollCount: 3,
      faultCount: 1,
      faults: [{ line: 4, code: 'unknown-line' }],
      version: 1,
    });
    const of = { listId: list.id, listTitle: 'Mine' };
    expect(await allRolls(list.id)).toEqual([
      { ...of, position: 0, itemHash: 7, isTrash: false, perks: [1, 2], notes: 'Dear', tags: ['pve'] },
      { ...of, position: 1, itemHash: 7, isTrash: true, perks: [], notes: 'own', tags: [] },
      { ...of, position: 2, itemHash: null, isTrash: false, perks: [3], notes: null, tags: [] },
    ]);
    expect((await allRolls(list.id, 7)).map(({ position }) => position)).toEqual([0, 1]);
    const { items } = await wishes.listGodRolls(caller, { item: 7, limit: 50 });
    expect(items.map(({ position }) => position)).toEqual([0]);
  });

  it('is replaced as a whole, or not at all', async () => {
    const list = await make('title:One\ndimwishlist:item=1\ndimwishlist:item=2');
    await expect(
      desk.replace(caller, list.id, undefined, sent('nothing of the kind'), undefined),
    ).rejects.toMatchObject({ code: 'destiny/wish-list-empty' });
    expect(await allRolls(list.id)).toHaveLength(2);
    await expect(
      desk.replace(caller, list.id, undefined, sent('dimwishlist:item=3'), 2),
    ).rejects.toMatchObject({ code: 'destiny/stale' });
    const replaced = await desk.replace(caller, list.id, undefined, sent('dimwishlist:item=3'), 1);
    expect(replaced).toMatchObject({ id: list.id, title: 'One', rollCount: 1, version: 2 });
    expect((await allRolls(list.id)).map(({ itemHash }) => itemHash)).toEqual([3]);
  });

  it('goes with its rolls and notes', async () => {
    const list = await make('//notes:x\ndimwishlist:item=1');
    await desk.delete(caller, list.id);
    await expect(desk.find(caller, list.id)).rejects.toMatchObject({ code: 'destiny/unknown-wish-list' });
    for (const table of ['wish_list', 'wish_list_note', 'wish_list_roll'])
      expect(await units.owner(`SELECT 1 FROM destiny.${table} WHERE user_id = $1`, [caller.id])).toEqual([]);
  });

  it('is nobody else’s', async () => {
    const list = await make('dimwishlist:item=1&perks=5');
    const other = aMember(randomUUID());
    await expect(desk.find(other, list.id)).rejects.toMatchObject({ code: 'destiny/unknown-wish-list' });
    await expect(wishes.listRolls(other, list.id, { limit: 1 })).rejects.toMatchObject({
      code: 'destiny/unknown-wish-list',
    });
    expect(await wishes.listGodRolls(other, { item: 1, limit: 1 })).toEqual({ items: [], nextCursor: null });
    const weapon: RolledWeapon = {
      itemHash: 1,
      categoryHashes: [],
      columns: [{ isScored: true, selected: 5, selectable: [5] }],
    };
    const score = async (who: Principal) =>
      (await units.app.run(who, (tx) => wishes.matches(tx, weapon))).score;
    expect([await score(caller), await score(other)]).toEqual([1, 0]);
  });

  it('sent twice with the same key is one, also at the same moment', async () => {
    const key = { route: 'POST /lists', key: 'k', bodyDigest: Buffer.alloc(0) };
    const send = (text: string, title?: string) => desk.create(caller, title, sent(text), key);
    const [one, other] = await Promise.all([send('dimwishlist:item=1'), send('dimwishlist:item=1')]);
    expect(one.body.id).toBe(other.body.id);
    expect([one.isReplayed, other.isReplayed].sort()).toEqual([false, true]);
    await expect(send('dimwishlist:item=2')).rejects.toMatchObject({ code: 'http/idempotency-key-reused' });
    await expect(send('dimwishlist:item=1', 'named')).rejects.toMatchObject({
      code: 'http/idempotency-key-reused',
    });
  });

  it('is one of twenty at most, however many come at once', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: MOST_LISTS + 3 }, (_, index) => index).map(async (index) => {
        await new Promise((resolve) => setTimeout(resolve, index * 20)); // eight bodies at once are taken
        return make(`dimwishlist:item=${index + 1}`);
      }),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(MOST_LISTS);
    const { items } = await desk.list(caller, { limit: 50 });
    for (let count = items.length; count < MOST_LISTS; count += 1) await make('dimwishlist:item=1');
    await expect(make('dimwishlist:item=1')).rejects.toMatchObject({ code: 'destiny/too-many-wish-lists' });
  });
});

describe('what is sent', () => {
  it('is refused past ten megabytes, and the account has nothing of it', async () => {
    const text = `dimwishlist:item=1\n`.repeat(530_000);
    expect(text.length).toBeGreaterThan(10_000_000);
    await expect(make(text)).rejects.toMatchObject({ code: 'destiny/wish-list-too-large' });
    expect((await desk.list(caller, { limit: 1 })).items).toEqual([]);
  });

  it('is refused past so many rolls, and past so many in all lists', async () => {
    const text = `dimwishlist:item=1\n`.repeat(500_001);
    await expect(make(text)).rejects.toMatchObject({ code: 'destiny/wish-list-too-long' });
    expect((await desk.list(caller, { limit: 1 })).items).toEqual([]);
    const { id } = await make('dimwishlist:item=1');
    await units.owner('UPDATE destiny.wish_list SET roll_count = $2 WHERE id = $1', [
      id,
      MOST_ROLLS_IN_ALL - 1,
    ]);
    await make('dimwishlist:item=1');
    await expect(make('dimwishlist:item=1')).rejects.toMatchObject({ code: 'destiny/too-many-wishes' });
    // What is replaced makes room for what replaces it.
    const replaced = await desk.replace(
      caller,
      id,
      undefined,
      sent('dimwishlist:item=1\ndimwishlist:item=2'),
      undefined,
    );
    expect(replaced.rollCount).toBe(2);
  });

  it('is refused when it breaks off', async () => {
    const broken = new Readable({
      read() {
        this.push('dimwishlist:item=1\n');
        this.destroy(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));
      },
    });
    await expect(desk.create(caller, undefined, broken, undefined)).rejects.toMatchObject({
      code: 'destiny/wish-list-cut',
    });
  });

  it('is a line of UTF-8 wherever its chunks end', async () => {
    const title = 'é'.repeat(100);
    const bytes = Buffer.from(`title:${title}\ndimwishlist:item=1`);
    const byOne = Readable.from([...bytes].map((byte) => Buffer.from([byte])));
    expect((await desk.create(caller, undefined, byOne, undefined)).body.title).toBe(title);
  });
});

describe('matches', () => {
  const bases = readEnhancedTraits();
  const [[enhanced, base]] = [...bases] as [[number, number]];
  const perk = fc.constantFrom(base, enhanced, 1, 2, 3, 4, 5);
  const perks = fc.uniqueArray(perk, { maxLength: 4 });
  const roll = fc
    .record({
      itemHash: fc.option(fc.constantFrom(7, 8, 6)),
      isTrash: fc.boolean(),
      perks,
      notes: fc.option(fc.record({ text: fc.constantFrom('a', 'b'), tags: fc.constantFrom([], ['pve']) })),
    })
    .map((one): WishRoll => ({ ...one, isTrash: one.isTrash && one.itemHash !== null }));
  const weapon = fc
    .array(fc.record({ isScored: fc.boolean(), selectable: perks }), { maxLength: 5 })
    .map((columns): RolledWeapon => ({
      itemHash: 7,
      categoryHashes: [1, 6],
      columns: columns.map((column) => ({ ...column, selected: column.selectable[0] ?? null })),
    }));

  it('in the database are those of the rule, over two lists', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(roll, { minLength: 1, maxLength: 12 }),
        fc.array(roll, { minLength: 1, maxLength: 12 }),
        weapon,
        async (first, second, given) => {
          const who = aMember(randomUUID());
          for (const rolls of [first, second])
            await make(printWishList({ title: null, description: null, rolls }), who);
          const rule = scoreByWishes([...first, ...second], given, bases);
          const verdict = await units.app.run(who, (tx) => wishes.matches(tx, given));
          expect(verdict).toMatchObject({
            score: rule.score,
            matchedColumns: rule.matchedColumns,
            hitCount: rule.hits.length,
            trashCount: rule.trash.length,
          });
          const told = ({ itemHash, perks: own }: WishRoll, isSelected: boolean): string =>
            JSON.stringify([itemHash, own, isSelected]);
          const rows = verdict.hits.map((row) => told(asRoll(row), row.isSelected));
          const wanted = rule.hits.map((match) => told(match.roll, match.isSelected));
          if (wanted.length <= MOST_MATCHES_TOLD) expect(rows.sort()).toEqual(wanted.sort());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are told by twenties, those with the most perks first, and counted', async () => {
    await make(
      Array.from({ length: 30 }, (_, index) => `dimwishlist:item=7&perks=${index % 2 ? '1' : '1,2'}`).join(
        '\n',
      ),
    );
    const columns = [1, 2].map((hash) => ({ isScored: true, selected: hash, selectable: [hash] }));
    const verdict = await units.app.run(caller, (tx) =>
      wishes.matches(tx, { itemHash: 7, categoryHashes: [], columns }),
    );
    expect(verdict).toMatchObject({ hitCount: 30, matchedColumns: 2, score: 1 });
    expect(verdict.hits.map(({ perks: own }) => own.length)).toEqual([
      ...Array.from({ length: 15 }, () => 2),
      ...Array.from({ length: 5 }, () => 1),
    ]);
  });
});

(destinyFactsFolder === undefined ? describe.skip : describe)('a real list (needs recorded data)', () => {
  it('is stored to the last roll and finds its own', async () => {
    const list = await make(readDestinyFacts('wishlist_sample_spacemonkey_s28.txt.gz'));
    expect(list).toMatchObject({
      title: "SpaceMonkey's Weapon Guide - Renegades",
      rollCount: 4_639,
      faultCount: 0,
    });
    const rolls = await allRolls(list.id);
    expect(rolls).toHaveLength(4_639);
    expect(rolls.map(({ position }) => position)).toEqual(rolls.map((_roll, index) => index));
    expect(rolls.every(({ notes, tags }) => notes?.startsWith('SpaceMonkey') && tags.length > 0)).toBe(true);
    const one = rolls[2_000]!;
    const columns = one.perks.map((hash) => ({ isScored: true, selected: hash, selectable: [hash] }));
    const verdict = await units.app.run(caller, (tx) =>
      wishes.matches(tx, { itemHash: one.itemHash!, categoryHashes: [], columns }),
    );
    expect(verdict.hits.map(({ position }) => position)).toContain(2_000);
    expect(verdict.score).toBe(1);
  });
});
