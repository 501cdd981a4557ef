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

let units: TestUnits;
let world: CharactersWorld;

beforeAll(async () => {
  units = await openUnits();
  world = openCharactersWorld(units);
});

afterAll(() => units.close());

const code = (name: keyof typeof TABLETOP_ERROR) => expect.objectContaining({ code: TABLETOP_ERROR[name] });

const create = (by: Principal, campaignId: string, wish?: Partial<NewCharacterDto>): Promise<CharacterDto> =>
  aCharacter(world, by, campaignId, wish);
const aTable = (change?: object): ReturnType<typeof aDnd5eTable> => aDnd5eTable(world, change);

describe('what a character carries', () => {
  it('is handed over whole or in part, once for each key, and never doubled or lost', async () => {
    const { master, player, other, campaignId } = await aTable();
    const [own, hers] = [await create(player, campaignId), await create(other, campaignId, { name: 'Wren' })];
    const shop = await create(master, campaignId, {
      name: 'Shop',
      characterKind: 'npc',
      visibility: 'party',
    });
    const { body: arrows } = await world.inventory.add(
      player,
      own.id,
      { name: 'Arrow', quantity: 20, valueCp: 5 },
      undefined,
    );
    const request = { route: 'test', key: 'hand', bodyDigest: Buffer.alloc(32) };
    const hand = (by: Principal, wish: object) =>
      world.inventory.transfer(by, own.id, { entryId: arrows.id, toId: hers.id, ...wish }, request);
    const { body: first } = await hand(player, { quantity: 5 });
    expect(first).toMatchObject({
      kept: { quantity: 15 },
      handed: { quantity: 5, characterId: hers.id, valueCp: 5 },
    });
    expect((await hand(player, { quantity: 5 })).body).toEqual(first);
    const quantities = async (by: Principal, id: string) =>
      (await world.inventory.list(by, id, null, 10)).items.map(({ quantity }) => quantity);
    expect([await quantities(other, own.id), await quantities(player, hers.id)]).toEqual([[15], [5]]);

    const transfer = (by: Principal, wish: object) =>
      world.inventory.transfer(by, own.id, { entryId: arrows.id, toId: hers.id, ...wish }, undefined);
    await expect(transfer(other, {})).rejects.toEqual(code('roleTooLow'));
    await expect(transfer(player, { quantity: 16 })).rejects.toEqual(code('invalidTransfer'));
    await expect(transfer(player, { toId: own.id })).rejects.toEqual(code('invalidTransfer'));
    await expect(transfer(player, { entryId: first.handed.id })).rejects.toEqual(code('roleTooLow'));
    await expect(
      world.inventory.transfer(other, hers.id, { entryId: arrows.id, toId: own.id }, undefined),
    ).rejects.toEqual(code('roleTooLow'));

    const both = await Promise.allSettled([
      transfer(player, { quantity: 10 }),
      transfer(player, { quantity: 10 }),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const all = [...(await quantities(master, own.id)), ...(await quantities(master, hers.id))];
    expect(all.reduce((sum, count) => sum + count, 0)).toBe(20);

    const { body: sold } = await transfer(player, { toId: shop.id });
    expect(sold).toMatchObject({ kept: null, handed: { quantity: 5, characterId: shop.id } });
    expect(await quantities(player, shop.id)).toEqual([5]);
    expect(await quantities(other, shop.id)).toEqual([]);
    await expect(world.inventory.change(player, arrows.id, { quantity: 500 }, undefined)).rejects.toEqual(
      code('roleTooLow'),
    );
  });

  it('is so much and no more, also of what is handed over', async () => {
    const { player, other, campaignId } = await aTable();
    const [own, hers] = [await create(player, campaignId), await create(other, campaignId, { name: 'Wren' })];
    const { body: rope } = await world.inventory.add(
      player,
      own.id,
      { name: 'Rope', quantity: 2 },
      undefined,
    );
    await units.owner(
      `INSERT INTO tabletop.inventory_entry (id, campaign_id, character_id, name, quantity)
       SELECT gen_random_uuid(), $2, $1, 'Pebble', 1 FROM generate_series(1, 2000)`,
      [hers.id, campaignId],
    );
    await expect(world.inventory.add(other, hers.id, { name: 'One more' }, undefined)).rejects.toEqual(
      code('tooMany'),
    );
    for (const quantity of [1, 2])
      await expect(
        world.inventory.transfer(player, own.id, { entryId: rope.id, toId: hers.id, quantity }, undefined),
      ).rejects.toEqual(code('tooMany'));
    expect((await world.inventory.list(player, own.id, null, 10)).items).toMatchObject([{ quantity: 2 }]);
  });

  it('counts where it is hidden from the giver, who is told of no thing there, only that there is no room', async () => {
    const { master, player, campaignId } = await aTable();
    const own = await create(player, campaignId);
    const fence = await create(master, campaignId, {
      name: 'Fence',
      characterKind: 'npc',
      visibility: 'party',
    });
    const { body: rope } = await world.inventory.add(
      player,
      own.id,
      { name: 'Rope', quantity: 3 },
      undefined,
    );
    const hidden = (count: number): Promise<unknown> =>
      units.owner(
        `INSERT INTO tabletop.inventory_entry (id, campaign_id, character_id, name, quantity)
         SELECT gen_random_uuid(), $2, $1, 'Rope', 1 FROM generate_series(1, $3::int)`,
        [fence.id, campaignId, count],
      );
    const hand = () =>
      world.inventory.transfer(player, own.id, { entryId: rope.id, toId: fence.id, quantity: 1 }, undefined);
    await hidden(1_999);
    // A thing of the same name that is hidden stays one of its own: the giver sees what they gave.
    expect((await hand()).body).toMatchObject({ kept: { quantity: 2 }, handed: { quantity: 1 } });
    expect((await world.inventory.list(player, fence.id, null, 10)).items).toHaveLength(1);
    await expect(hand()).rejects.toEqual(code('tooMany'));
    expect((await world.inventory.list(player, own.id, null, 10)).items).toMatchObject([{ quantity: 2 }]);
  });

  it('is changed and removed by its player and by masters, from the version that they have seen', async () => {
    const { player, other, campaignId } = await aTable();
    const own = await create(player, campaignId);
    const { body: rope } = await world.inventory.add(player, own.id, { name: 'Rope' }, undefined);
    expect(rope).toMatchObject({ quantity: 1, isEquipped: false, weightLb: null, valueCp: null, version: 1 });
    expect(
      await world.inventory.change(player, rope.id, { name: 'Silk rope', weightLb: 5 }, 1),
    ).toMatchObject({ name: 'Silk rope', weightLb: 5, version: 2 });
    await expect(world.inventory.change(player, rope.id, { name: 'Late' }, 1)).rejects.toEqual(code('stale'));
    await expect(world.inventory.remove(other, rope.id, undefined)).rejects.toEqual(code('roleTooLow'));
    await expect(world.inventory.add(other, own.id, { name: 'Gift' }, undefined)).rejects.toEqual(
      code('roleTooLow'),
    );
    await world.inventory.remove(player, rope.id, 2);
    await expect(world.inventory.remove(player, rope.id, undefined)).rejects.toEqual(code('unknownEntry'));
  });
});
