import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AiTrial, openAiTrial } from '../../../test/support/ai-trial.js';
import { hasPgVector } from '../../../test/support/pgvector.js';
import { openSearchWorld, type SearchWorld } from '../../../test/support/search-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { CampaignErasureRepository } from '../campaigns/campaign-erasure.repository.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { SearchAnswerDto } from '../search/search.dto.js';

// What is found by meaning: with PostgreSQL's pgvector where it is there, and nothing worse without it.

const MEANINGS = [
  ['tavern', 'inn', 'alehouse', 'pub'],
  ['smith', 'forge', 'anvil'],
  ['traitor', 'betrayer'],
];

let units: TestUnits;
let ai: AiTrial;
let world: SearchWorld;
let master: Principal;
let player: Principal;
let campaignId: string;

beforeAll(async () => {
  units = await openUnits();
  ai = await openAiTrial(
    { script: [{ text: 'I do not know.' }], meanings: MEANINGS, mostEmbedded: 300 },
    { embeddingModel: 'meaning' },
  );
  world = openSearchWorld(units, ai.client);
  ({ master, campaignId } = await world.aCampaign());
  player = await world.aSeat(campaignId, 'player');
  await units.owner(`UPDATE tabletop.campaign SET ai_policy = 'any' WHERE id = $1`, [campaignId]);
  const make = (name: string, body: string, visibility: 'party' | 'gm' = 'party') =>
    world.anObject(master, campaignId, { kind: 'location', name, body, visibility });
  await make('The Gilded Griffin', 'An alehouse by the harbour');
  await make('Ember Row', 'Where the anvil rings all day');
  await make('Cold Cellar', 'An inn that nobody may know of', 'gm');
  await make('Endless Archive', `Of a pub, ${'and '.repeat(100)}`);
}, 60_000);

afterAll(async () => {
  await ai.close();
  await units.close();
});

const ask = (by: Principal, q: string, ai?: 'true'): Promise<SearchAnswerDto> =>
  world.search.search(by, campaignId, { q, limit: 20, ...(ai && { ai }) });
const byMeaning = ({ items }: SearchAnswerDto): string[] =>
  items.filter(({ matchedBy }) => matchedBy.includes('meaning')).map(({ object }) => object.name);
const embeddings = (): number => ai.llm.journal.filter(({ path }) => path === '/v1/embeddings').length;
const vectors = () =>
  units.owner<{ name: string; count: number }>(
    `SELECT o.name, cardinality(v.embedding) AS count FROM tabletop.object_vector v JOIN tabletop.object o ON o.id = v.object_id ORDER BY o.name`,
  );

describe('without pgvector', () => {
  it('no model reads anything, and searches answer as ever', async () => {
    await world.embed();
    expect(await vectors()).toEqual([]);
    const answer = await ask(player, 'griffin', 'true');
    expect(answer.items[0]!.object.name).toBe('The Gilded Griffin');
    expect(byMeaning(answer)).toEqual([]);
    expect(embeddings()).toBe(0);
  });
});

(hasPgVector() ? describe : describe.skip)(
  'with pgvector (needs it, trusted, beside the PostgreSQL of the tests)',
  () => {
    beforeAll(async () => {
      await units.owner('CREATE EXTENSION vector');
      world = openSearchWorld(units, ai.client); // it looks once a minute
      await world.embed();
    });

    it('texts are read once, and again when they change; what the model does not take is left out', async () => {
      const asked = embeddings();
      expect(await vectors()).toEqual([
        { name: 'Cold Cellar', count: 4 },
        { name: 'Ember Row', count: 4 },
        { name: 'Endless Archive', count: 0 },
        { name: 'The Gilded Griffin', count: 4 },
      ]);
      await world.embed();
      expect(embeddings()).toBe(asked);
    });

    it('what means something like a question is found, by those who see it and ask for it', async () => {
      expect(byMeaning(await ask(player, 'the tavern where we met', 'true'))).toEqual(['The Gilded Griffin']);
      expect(byMeaning(await ask(master, 'the tavern where we met', 'true')).sort()).toEqual([
        'Cold Cellar',
        'The Gilded Griffin',
      ]);
      expect(byMeaning(await ask(player, 'somebody who can forge', 'true'))).toEqual(['Ember Row']);
      expect(byMeaning(await ask(player, 'a betrayer', 'true'))).toEqual([]);
      expect(byMeaning(await ask(player, 'the tavern where we met'))).toEqual([]);
      const narrowed = await world.search.search(player, campaignId, {
        ...{ q: 'the tavern', ai: 'true', types: ['character'], limit: 20 },
      });
      expect(byMeaning(narrowed)).toEqual([]);
    });

    it('a text that has changed is not found by what it said before', async () => {
      const { id } = await world.anObject(master, campaignId, {
        kind: 'location',
        name: 'Corner',
        body: 'A smith',
        visibility: 'party',
      });
      await world.embed();
      expect(byMeaning(await ask(player, 'an anvil', 'true'))).toContain('Corner');
      await units.app.run(master, (tx) =>
        world.objects.change(tx, master, 'location', id, { body: 'Nothing' }),
      );
      expect(byMeaning(await ask(player, 'an anvil', 'true'))).not.toContain('Corner');
      await world.embed();
      expect(byMeaning(await ask(player, 'an anvil', 'true'))).not.toContain('Corner');
    });

    it('a model that fails costs nothing but what it would have found', async () => {
      ai.llm.fail({ kind: 'server-error' });
      const answer = await ask(player, 'griffin', 'true');
      ai.llm.heal();
      expect(answer.items.map(({ object }) => object.name)).toContain('The Gilded Griffin');
      expect(byMeaning(answer)).toEqual([]);
    });

    it('a model that refuses everything is not believed, and one that fails over one text reads the others', async () => {
      const make = (name: string) => world.anObject(master, campaignId, { kind: 'note', name });
      const named = async (): Promise<string[]> => (await vectors()).map(({ name }) => name);
      await make('Refused');
      const strict = await openAiTrial(
        { script: [], meanings: MEANINGS, mostEmbedded: 1 },
        { embeddingModel: 'meaning' },
      );
      await openSearchWorld(units, strict.client).embed();
      await strict.close();
      expect(await named()).not.toContain('Refused');
      await make('Failed over');
      ai.llm.fail({ kind: 'server-error', times: 2 }); // of both, then of the newer one
      await world.embed();
      expect(await named()).toContain('Refused');
      expect(await named()).not.toContain('Failed over');
      await world.embed();
      expect(await named()).toContain('Failed over');
    });

    it('pgvector that is dropped is missed by nobody', async () => {
      await units.owner('DROP EXTENSION vector');
      const answer = await ask(player, 'griffin', 'true');
      expect(answer.items[0]!.object.name).toBe('The Gilded Griffin');
      await units.owner('CREATE EXTENSION vector');
      world = openSearchWorld(units, ai.client);
      expect(byMeaning(await ask(player, 'the tavern', 'true'))).toEqual(['The Gilded Griffin']);
      expect(byMeaning(await ask(player, 'the tavern -griffin', 'true'))).toEqual([]);
    });

    it('a campaign that wants no models has no vectors', async () => {
      const policy = (to: string) =>
        units.owner('UPDATE tabletop.campaign SET ai_policy = $2 WHERE id = $1', [campaignId, to]);
      await policy('off');
      expect(byMeaning(await ask(player, 'the tavern', 'true'))).toEqual([]);
      await world.embed();
      await units.system.run(SYSTEM_SCOPE, (tx) => new CampaignErasureRepository().deleteUnwantedVectors(tx));
      expect(await vectors()).toEqual([]);
      await policy('local');
      await world.embed();
      expect(byMeaning(await ask(player, 'the tavern', 'true'))).toEqual(['The Gilded Griffin']);
    });
  },
);
