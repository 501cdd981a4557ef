import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buffer } from 'node:stream/consumers';
import { readArchive } from '../../../test/support/archive.js';
import { openRelationsWorld, type RelationsWorld } from '../../../test/support/relations-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { parseNote } from '../imports/obsidian-note.reader.js';
import { LinksRepository } from '../links/links.repository.js';
import { MOST_VAULT, ObsidianExports } from './obsidian-exports.service.js';
import { VaultCountsRepository } from './vault-counts.repository.js';

let units: TestUnits;
let world: RelationsWorld;
let exports: ObsidianExports;
let master: Principal;
let player: Principal;
let campaignId: string;

beforeAll(async () => {
  units = await openUnits();
  world = openRelationsWorld(units);
  const { access, objects } = world;
  exports = new ObsidianExports(
    units.app,
    access,
    objects,
    new LinksRepository(),
    new VaultCountsRepository(),
  );
  ({ master, campaignId } = await world.aCampaign());
  player = await world.aSeat(campaignId, 'player');
  const [ada, bo, hidden] = [
    await world.aCharacterRow(campaignId, { name: 'Ada' }),
    await world.aCharacterRow(campaignId, { name: 'Bo' }),
    await world.aCharacterRow(campaignId, { name: 'Zorblax', visibility: 'gm' }),
  ];
  await world.aCharacterRow(campaignId, { name: 'Gone', isDeleted: true });
  await world.aRelationRow(campaignId, ada, bo, { type: 'rival' });
  await world.aRelationRow(campaignId, ada, bo, { type: 'traitor', visibility: 'gm' });
  await world.aRelationRow(campaignId, ada, hidden, { type: 'servant' });
  await world.aRelationRow(campaignId, hidden, bo, { type: 'patron' });
  await world.campaigns.change(master, campaignId, { hasExports: true }, undefined);
}, 60_000);
afterAll(() => units.close());

async function taken(by: Principal, most?: Parameters<ObsidianExports['write']>[2]) {
  const files = await readArchive(await buffer(await exports.write(by, campaignId, most)));
  const manifest = JSON.parse(files.get('guildhall-export.json')!.toString()) as object;
  const relations = [...files].flatMap(([path, bytes]) => {
    const { properties } = parseNote(bytes.toString());
    return path.endsWith('.md') ? [[path, properties['relations'] ?? []]] : [];
  });
  const text = [...files].map(([path, bytes]) => `${path}\n${bytes.toString()}`).join('\n');
  return { manifest, relations: Object.fromEntries(relations) as Record<string, string[]>, text };
}

describe('a folder of Obsidian', () => {
  it('links what its reader sees to what they see, by relations that they see', async () => {
    const { relations, manifest, text } = await taken(player);
    expect(relations).toEqual({ 'Characters/Ada.md': ['[[Bo|rival: Bo]]'], 'Characters/Bo.md': [] });
    expect(manifest).toEqual({
      isComplete: true,
      objects: { written: 2, seen: 2 },
      relations: { written: 1, isAll: true },
    });
    for (const word of ['Zorblax', 'traitor', 'servant', 'patron', 'Gone']) expect(text).not.toContain(word);
    const whole = await taken(master);
    expect(whole.relations['Characters/Ada.md']!.toSorted()).toEqual([
      '[[Bo|rival: Bo]]',
      '[[Bo|traitor: Bo]]',
      '[[Zorblax|servant: Zorblax]]',
    ]);
    expect(whole.relations['Characters/Zorblax.md']).toEqual(['[[Bo|patron: Bo]]']);
  });

  it('says how much of it is there where not all is', async () => {
    const few = await taken(master, { ...MOST_VAULT, objects: 2 });
    expect(few.manifest).toEqual({
      isComplete: false,
      objects: { written: 2, seen: 3 },
      relations: { written: 2, isAll: true },
    });
    expect(few.text).not.toContain('Zorblax');
    const unlinked = await taken(master, { ...MOST_VAULT, relations: 1 });
    expect(unlinked.manifest).toMatchObject({ isComplete: false, relations: { written: 1, isAll: false } });
    expect((await taken(player, { objects: 2, relations: 1 })).manifest).toMatchObject({ isComplete: true });
  });
});
