import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BESIDE_THE_RULES, KNOWN_TO_THE_RULES } from '../../../test/support/names-by-ear.js';
import { openSearchWorld, type SearchWorld } from '../../../test/support/search-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';

let units: TestUnits;
let world: SearchWorld;
let master: Principal;
let campaignId: string;

const LISTS = [KNOWN_TO_THE_RULES, BESIDE_THE_RULES];
const NAMES = new Set(LISTS.flatMap(({ fr, es, pt }) => [...fr, ...es, ...pt]).map(([name]) => name));

beforeAll(async () => {
  units = await openUnits();
  world = openSearchWorld(units);
  ({ master, campaignId } = await world.aCampaign());
  for (const name of NAMES) await world.anObject(master, campaignId, { kind: 'character', name });
}, 60_000);
afterAll(() => units.close());

async function firstFor(q: string): Promise<string | undefined> {
  const { items } = await world.search.search(master, campaignId, { q, limit: 5 });
  return items[0]?.object.name;
}
const speak = (language: 'en' | 'fr') => world.campaigns.change(master, campaignId, { language }, undefined);

describe('a campaign whose language becomes another', () => {
  const asked = { deshan: 'Deschamps', pero: 'Perrault', puatye: 'Poitiers' };
  const answers = async () => {
    const found: Record<string, string | undefined> = {};
    for (const q of Object.keys(asked)) found[q] = await firstFor(q);
    return found;
  };

  it('hears its names by that one from the next search on, and as before when it is taken back', async () => {
    const inEnglish = await answers();
    expect(inEnglish).not.toEqual(asked);
    await speak('fr');
    expect(await answers()).toEqual(asked);
    await world.anObject(master, campaignId, { kind: 'character', name: 'Godefroy de Bouillon' });
    expect(await firstFor('godfrua de buyon')).toBe('Godefroy de Bouillon');
    await speak('en');
    expect(await answers()).toEqual(inEnglish);
  });
});
