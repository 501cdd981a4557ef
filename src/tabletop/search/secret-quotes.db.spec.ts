import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSearchWorld, type SearchWorld } from '../../../test/support/search-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';

// What is kept of searches lies in the clear: it may not quote what its writer knows to be secret.

const SECRET = 'Ulssin serves the Drowned Hierophant of Naéva, and nobody else';

let units: TestUnits;
let world: SearchWorld;
let master: Principal;
let confidant: Principal;
let player: Principal;
let campaignId: string;
let objectId: string;

beforeAll(async () => {
  units = await openUnits();
  world = openSearchWorld(units);
  ({ master, campaignId } = await world.aCampaign());
  confidant = await world.aSeat(campaignId, 'player');
  player = await world.aSeat(campaignId, 'player');
  const name = 'Ulssin Gloomburn';
  const draft = { kind: 'character', name, visibility: 'party', body: 'She drowned once.' } as const;
  objectId = (await world.anObject(master, campaignId, draft)).id;
  await world.anObject(master, campaignId, { kind: 'note', name: 'Of hierophants', visibility: 'gm' });
  await world.secrets.put(master, objectId, 'allegiance', {
    text: SECRET,
    shownTo: [confidant.id],
  });
}, 60_000);
afterAll(() => units.close());

const refused = (pointer: string) =>
  expect.objectContaining({
    code: TABLETOP_ERROR.quotesSecret,
    faults: [expect.objectContaining({ pointer })],
  });
const learn = (by: Principal, heard: string) =>
  world.learnt.learn(by, campaignId, { heard, objectId }, undefined);
const save = (by: Principal, name: string, query: { q?: string; tags?: string[] }) =>
  world.saved.create(by, campaignId, { name, query }, undefined);

describe('corrections and saved searches', () => {
  it.each(['who is the hierophant', 'NAEVA', 'naéva'])(
    'are not kept with words of a secret: %s',
    async (text) => {
      for (const by of [master, confidant]) {
        await expect(learn(by, text)).rejects.toEqual(refused('/heard'));
        await expect(save(by, text, { q: 'elf' })).rejects.toEqual(refused('/name'));
        await expect(save(by, 'Mine', { q: text })).rejects.toEqual(refused('/query'));
        await expect(save(by, 'Mine', { tags: ['elf', text] })).rejects.toEqual(refused('/query'));
        const { body } = await save(by, 'Mine', { q: 'elf' });
        const change = (wish: object) => world.saved.change(by, campaignId, body.id, wish, undefined);
        await expect(change({ name: text })).rejects.toEqual(refused('/name'));
        await expect(change({ query: { q: text } })).rejects.toEqual(refused('/query'));
      }
      const kept = await units.owner<{ row: string }>(
        `SELECT t::text AS row FROM tabletop.saved_search t UNION ALL SELECT t::text FROM tabletop.learnt_name t
       UNION ALL SELECT t::text FROM tabletop.change t`,
      );
      expect(JSON.stringify(kept).toLowerCase()).not.toContain(text.toLowerCase());
    },
  );

  it('are kept with words that the table reads anyway, and with those of any sentence', async () => {
    for (const by of [master, confidant]) {
      expect((await learn(by, 'drowned ulssin and the other')).status).toBe(201);
      expect((await save(by, 'Of the drowned', { q: 'ulssin drowned' })).status).toBe(201);
    }
  });

  it('tell those who do not know a secret nothing of it', async () => {
    expect((await learn(player, 'hierophant')).status).toBe(201);
    expect((await save(player, 'Hierophant', { q: 'naeva' })).status).toBe(201);
  });
});
