import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Principal } from '../../src/platform/auth/principal.js';
import { OUTBOUND_ERROR, OutboundError } from '../../src/platform/outbound/outbound.errors.js';
import { INDEX_LAYOUT, indexLayout } from '../../src/tabletop/search-index/index-layout.js';
import type { SearchAnswerDto } from '../../src/tabletop/search/search.dto.js';
import { laySearchTable, searchContract, type SearchTable } from '../support/search-contract.js';
import { openSearchWorld, type SearchWorld } from '../support/search-world.js';
import { hasOpenSearch, type OpenSearchNode, startOpenSearch } from '../support/opensearch-node.js';
import { openUnits, type TestUnits } from '../support/units.js';

// The search on a real node of OpenSearch: the contract that PostgreSQL keeps, too; then what happens when the index cannot answer.

let units: TestUnits;
let node: OpenSearchNode | undefined;
let world: SearchWorld;
let table: SearchTable;
let opened: Promise<SearchTable> | undefined;

/** Both parts share the node and the campaign. */
function open(): Promise<SearchTable> {
  opened ??= (async () => {
    [units, node] = await Promise.all([openUnits(), startOpenSearch()]);
    world = openSearchWorld(units, undefined, { baseUrl: node.url, authorization: undefined });
    return (table = await laySearchTable(units, world));
  })();
  return opened;
}

const isThere = hasOpenSearch();

afterAll(async () => {
  await opened;
  if (isThere) await units.close();
  await node?.stop();
});

const ask = (q: string, by: Principal = table.master, where = world): Promise<SearchAnswerDto> =>
  where.search.search(by, table.campaignId, { q, limit: 20 });
const names = ({ items }: SearchAnswerDto): string[] => items.map(({ object }) => object.name);
const BEHIND = { engine: 'postgresql', standsInFor: 'behind' };
const DOWN = { engine: 'postgresql', standsInFor: 'down' };
const ANSWERS = { engine: 'search-server', standsInFor: null };

async function direct(
  path: string,
  method = 'GET',
  body?: object,
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${node!.url}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: answer.status, text: await answer.text() };
}

const NEVER = new AbortController().signal;

function aGate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

async function aLargeCampaign(): Promise<{ master: Principal; campaignId: string }> {
  const made = await world.aCampaign();
  await units.owner(
    `INSERT INTO tabletop.object (id, campaign_id, kind, name) SELECT gen_random_uuid(), $1, 'item', 'Thing ' || n FROM generate_series(1, 2300) n`,
    [made.campaignId],
  );
  return made;
}

const currentName = async (): Promise<string> => (await world.index.indexes.current())!.name;
const everything = async (): Promise<string> =>
  (await direct(`/${await currentName()}/_search?size=10000`)).text;

(isThere ? describe : describe.skip)(
  'OpenSearch (needs npm run fetch:opensearch, so Maven and JDK 17)',
  () => {
    searchContract('search-server', open);

    describe('an index', () => {
      beforeAll(async () => {
        await open();
        await world.index.tend();
      }, 180_000);

      it('that is behind is not asked', async () => {
        const { master, campaignId } = table;
        await world.anObject(master, campaignId, {
          kind: 'item',
          name: 'Vorpal Blotter',
          visibility: 'party',
        });
        const answer = await ask('vorpal');
        expect(answer).toMatchObject(BEHIND);
        expect(names(answer)).toContain('Vorpal Blotter');
        const players = await ask('vorpal', table.player);
        await world.index.tend();
        expect(await ask('vorpal', table.player)).toEqual(players); // neither tells that somebody has written
        expect(players).toMatchObject({ engine: null, standsInFor: null });
        await world.anObject(master, campaignId, { kind: 'item', name: 'Vorpal Pen', visibility: 'party' });
        expect(await ask('vorpal')).toMatchObject(BEHIND);
        await world.index.feedOf(campaignId); // as the job that the change has noted
        expect(await ask('vorpal')).toMatchObject(ANSWERS);
        const told = await ask('vorpal');
        expect(told).toMatchObject(ANSWERS);
        expect(names(told)).toContain('Vorpal Blotter');
      });

      it('misses nothing of a transaction that was open while it read', async () => {
        const { master, campaignId } = table;
        const [held, written] = [aGate(), aGate()];
        const slow = units.app.run(master, async (tx) => {
          const seat = await world.access.require(tx, master, campaignId);
          await world.objects.create(tx, master, seat, {
            kind: 'item',
            name: 'Latecomer Lantern',
            details: {},
            visibility: 'party', // prettier-ignore
          });
          written.open();
          await held.opened;
        });
        await written.opened;
        await world.anObject(master, campaignId, { kind: 'item', name: 'Early Ewer', visibility: 'party' });
        await world.index.tend();
        expect(await ask('ewer')).toMatchObject(ANSWERS);
        held.open();
        await slow;
        const answer = await ask('latecomer');
        expect(answer).toMatchObject(BEHIND);
        expect(names(answer)).toContain('Latecomer Lantern');
        await world.index.tend();
        const told = await ask('latecomer');
        expect(told).toMatchObject(ANSWERS);
        expect(names(told)).toContain('Latecomer Lantern');
      });

      it('holds no word of a secret, and of what is deleted nothing but that it was there', async () => {
        const { master, campaignId, ids } = table;
        await world.secrets.put(master, ids['ulssin']!, 'price', { text: 'Quixotry undertow' });
        const { id } = await world.anObject(master, campaignId, { kind: 'item', name: 'Fleeting Fnord' });
        await world.index.tend();
        expect(await everything()).toContain('Fleeting Fnord');
        await units.app.run(master, (tx) => world.objects.remove(tx, master, 'item', id));
        await world.index.tend();
        expect(await everything()).toContain(id);
        expect((await everything()).toLowerCase()).not.toMatch(/quixotry|undertow|fnord/);
      });

      it('is told in pages, goes on where it was stopped, and again says the same', async () => {
        const { master, campaignId } = await aLargeCampaign();
        const index = (await world.index.indexes.current())!;
        const stop = new AbortController();
        let pages = 0;
        const put = world.index.server.put.bind(world.index.server);
        const spy = jest.spyOn(world.index.server, 'put').mockImplementation(async (...given) => {
          const isPut = await put(...given);
          if (isPut) pages += 1;
          if (pages === 15) stop.abort();
          return isPut;
        });
        await world.index.feed.feed(index, campaignId, stop.signal);
        const answer = (): Promise<SearchAnswerDto> =>
          world.search.search(master, campaignId, { types: ['item'], limit: 5 });
        expect(await answer()).toMatchObject(BEHIND);
        expect(pages).toBe(15);
        await world.index.feed.feed(index, campaignId, NEVER);
        expect(pages).toBeLessThanOrEqual(15 + 13); // ten pages were remembered
        await world.index.feed.feed(index, campaignId, NEVER);
        spy.mockRestore();
        expect(await answer()).toMatchObject({ ...ANSWERS, kinds: [{ kind: 'item', count: 2300 }] });
        expect(await world.index.indexes.agrees(index, campaignId)).toBe(true);
      });

      it('is told of a campaign by one at a time, who looks again for whoever went away', async () => {
        const { master, campaignId } = await world.aCampaign();
        const { id } = await world.anObject(master, campaignId, {
          kind: 'item',
          name: 'Ajar Amphora',
          visibility: 'party',
        });
        const index = (await world.index.indexes.current())!;
        const [held, begun] = [aGate(), aGate()];
        const put = world.index.server.put.bind(world.index.server);
        const spy = jest.spyOn(world.index.server, 'put').mockImplementationOnce(async (...given) => {
          begun.open();
          await held.opened;
          return put(...given);
        });
        const first = world.index.feed.feed(index, campaignId, NEVER);
        await begun.opened;
        await units.app.run(master, (tx) =>
          world.objects.change(tx, master, 'item', id, { visibility: 'gm' }),
        );
        await world.index.feed.feed(index, campaignId, NEVER);
        expect(await world.index.isFollowed(campaignId)).toBe(false);
        held.open();
        await first;
        spy.mockRestore();
        expect(await world.index.isFollowed(campaignId)).toBe(true);
        const player = await world.aSeat(campaignId, 'player');
        expect(await world.search.search(player, campaignId, { types: ['item'], limit: 5 })).toMatchObject({
          items: [],
          kinds: [],
        });
      });

      it('is told of all campaigns but the one that the server refuses', async () => {
        const campaigns = [await world.aCampaign(), await world.aCampaign(), await world.aCampaign()];
        for (const { master, campaignId } of campaigns)
          await world.anObject(master, campaignId, { kind: 'note', name: 'A note' });
        const refused = campaigns.map(({ campaignId }) => campaignId).sort()[0]!;
        const put = world.index.server.put.bind(world.index.server);
        const spy = jest.spyOn(world.index.server, 'put').mockImplementation(async (...given) => {
          if (JSON.stringify(given[1]).includes(refused))
            throw new OutboundError(OUTBOUND_ERROR.refused, 'search-server-work', { status: 400 });
          return put(...given);
        });
        await world.index.tend();
        spy.mockRestore();
        for (const { campaignId } of campaigns)
          expect(await world.index.isFollowed(campaignId)).toBe(campaignId !== refused);
        await world.index.tend();
        expect(await world.index.isFollowed(refused)).toBe(true);
      });

      it('that lost something is made anew', async () => {
        const [before, { ids }] = [await currentName(), table];
        await direct(`/${before}/_doc/${ids['ulssin']}?refresh=true`, 'DELETE');
        await world.index.tend();
        expect(await currentName()).toBe(before); // not due yet
        await units.owner(`UPDATE tabletop.indexed_campaign SET checked_at = now() - interval '2 hours'`);
        await world.index.tend();
        expect(await ask('ulssin')).toMatchObject(BEHIND);
        await world.index.tend();
        expect(await currentName()).not.toBe(before);
        expect(names(await ask('ulssin'))).toContain('Ulssin Gloomburn');
        expect(await ask('ulssin')).toMatchObject(ANSWERS);
        expect((await direct(`/${before}-data`)).status).toBe(404);
      });

      it('that the server has lost is made anew, and never by the server’s own guess', async () => {
        const before = await currentName();
        await direct(`/${before}-data`, 'DELETE');
        expect(await ask('ulssin')).toMatchObject(DOWN);
        const index = (await world.index.indexes.current())!;
        await world.anObject(table.master, table.campaignId, { kind: 'note', name: 'Written meanwhile' });
        const telling = world.index.feed.feed(index, table.campaignId, NEVER);
        await expect(telling).rejects.toThrow('search-server-work');
        expect((await direct(`/${before}`)).status).toBe(404);
        await world.index.tend();
        expect(await ask('ulssin')).toMatchObject(ANSWERS);
      });

      it('hears names in the campaign’s language, also when that changes', async () => {
        const { master, campaignId } = await world.aCampaign();
        await world.anObject(master, campaignId, {
          kind: 'character',
          name: 'Poitiers',
          body: 'Die alten Brücken',
        });
        await world.index.tend();
        const find = (q: string): Promise<SearchAnswerDto> =>
          world.search.search(master, campaignId, { q, limit: 5 });
        const confidence = async (): Promise<number> => (await find('puatye')).items[0]?.confidence ?? 0;
        const inEnglish = await confidence();
        expect(names(await find('brücke'))).toEqual([]);
        const inLanguage = async (language: string): Promise<void> => {
          await units.owner('UPDATE tabletop.campaign SET language = $2 WHERE id = $1', [
            campaignId,
            language,
          ]);
          expect(await find('puatye')).toMatchObject(BEHIND);
          await world.index.tend();
          expect(await find('puatye')).toMatchObject(ANSWERS);
        };
        await inLanguage('fr');
        expect(await confidence()).toBeGreaterThan(inEnglish);
        await inLanguage('de');
        expect(names(await find('brücke'))).toEqual(['Poitiers']);
      });

      it('forgets a campaign that is gone', async () => {
        const { master, campaignId } = await world.aCampaign();
        await world.anObject(master, campaignId, { kind: 'note', name: 'Ephemeral Epistle' });
        await world.index.tend();
        expect(await everything()).toContain('Ephemeral Epistle');
        await units.owner('DELETE FROM tabletop.campaign WHERE id = $1', [campaignId]);
        await world.index.tend();
        expect(await everything()).not.toContain(campaignId);
        const left = await units.owner('SELECT FROM tabletop.indexed_campaign WHERE campaign_id = $1', [campaignId]); // prettier-ignore
        expect(left).toEqual([]);
      });

      it('needs no sounds of the server', async () => {
        const name = `guildhall-tabletop-${randomUUID()}`;
        const unknown = { settings: { analysis: { filter: { odd: { type: 'no-such-filter' } } } } };
        expect(await world.index.server.createIndex(name, unknown)).toBe(false);
        expect(await world.index.server.createIndex(name, indexLayout(false))).toBe(true);
        await units.owner('INSERT INTO tabletop.search_index (name, layout, has_sounds) VALUES ($1, $2, false)', [name, INDEX_LAYOUT]); // prettier-ignore
        await world.index.tend();
        expect(await currentName()).toBe(name);
        const answer = await ask("i'll send bloomberg");
        expect(answer).toMatchObject(ANSWERS);
        expect(names(answer)[0]).toBe('Ulssin Gloomburn');
      });
    });

    describe('a server that', () => {
      let faulty: Server;
      let fault: { status: number; body: string } | 'silent' = 'silent';
      let there: SearchWorld;

      beforeAll(async () => {
        await open();
        await world.index.tend();
        faulty = createServer((_request, response) => {
          if (fault === 'silent') return;
          response.writeHead(fault.status, { 'content-type': 'application/json' }).end(fault.body);
        }).listen(0, '127.0.0.1');
        await once(faulty, 'listening');
        const baseUrl = `http://127.0.0.1:${(faulty.address() as AddressInfo).port}`;
        there = openSearchWorld(units, undefined, { baseUrl, authorization: undefined });
      }, 180_000);

      afterAll(() => {
        faulty?.closeAllConnections();
        faulty?.close();
      });

      it.each([
        ['has a fault', { status: 500, body: '{}' }],
        ['refuses', { status: 400, body: '{"error":{}}' }],
        ['answers something else', { status: 200, body: '{"responses":[{}]}' }],
        ['cuts its answer', { status: 200, body: '{"responses":[' }],
        ['does not answer', 'silent' as const],
      ])('%s leaves the answer to PostgreSQL', async (_what, given) => {
        fault = given;
        const answer = await ask('ulsin glumbern', table.master, there);
        expect(answer).toMatchObject(DOWN);
        expect(await ask('glumbern', table.player, there)).toMatchObject({
          engine: null,
          standsInFor: 'down',
        });
        expect(names(answer)[0]).toBe('Ulssin Gloomburn');
      });

      it('takes a part of what it is told is told again', async () => {
        fault = { status: 200, body: '{"errors":true,"items":[{"index":{"status":429}}]}' };
        const index = (await there.index.indexes.current())!;
        await there.anObject(table.master, table.campaignId, { kind: 'note', name: 'Not taken' });
        const telling = there.index.feed.feed(index, table.campaignId, NEVER);
        await expect(telling).rejects.toThrow('search-server-work');
        expect(await ask('ulssin')).toMatchObject(BEHIND);
        await world.index.tend();
        expect(await ask('ulssin')).toMatchObject(ANSWERS);
      });
    });

    it('notes in the transaction of a change that there is something to tell, once', async () => {
      const count = async (): Promise<number> =>
        (await units.owner(`SELECT FROM platform.job WHERE name = 'tabletop.feed-search-index'`)).length;
      const before = await count();
      await world.anObject(table.master, table.campaignId, { kind: 'note', name: 'One' });
      expect(await count()).toBe(before + 1);
      await units.app.run(table.master, async (tx) => {
        const seat = await world.access.require(tx, table.master, table.campaignId);
        for (const name of ['Two', 'Three'])
          await world.objects.create(tx, table.master, seat, { kind: 'note', name, details: {} });
      });
      expect(await count()).toBe(before + 2);
    });
  },
);
