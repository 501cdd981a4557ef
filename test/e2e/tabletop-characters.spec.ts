import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeTable } from '../security/tabletop-core-stories.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import type { Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

const TABLETOP = '/api/v1/tabletop';

let database: TestDatabase;
let server: ServerProcess;
let master: Person;
let player: Person;
let campaign: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, TRUST_PROXY: '1' });
  const table = await makeTable(server.url);
  [master, player] = [table.master, table.member];
  campaign = `${TABLETOP}/campaigns/${table.campaignId}`;
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const as = (person: Person) => ({ token: person.accessToken });
const make = async (
  person: Person,
  path: string,
  body: object,
): Promise<Record<string, unknown> & { id: string }> => {
  const answer = await post(server.url, path, body, as(person));
  if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
  return answer.json as Record<string, unknown> & { id: string };
};
const patch = (person: Person, path: string, body: object, headers = {}): Promise<Answer> =>
  call(server.url, 'PATCH', path, { ...as(person), body, headers });

function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: (answer.json as { code?: string }).code }).toEqual({ status, code });
}

describe('characters over HTTP', () => {
  it('are made, found, listed, changed from the version seen, and removed', async () => {
    const own = await make(player, `${campaign}/characters`, {
      name: 'Ulssin',
      characterKind: 'pc',
      sheet: { any: 1 },
    });
    const path = `${TABLETOP}/characters/${own.id}`;
    const found = await get(server.url, path, as(master));
    expect(found.headers.get('etag')).toBe('"1"');
    expect(found.json).toMatchObject({
      name: 'Ulssin',
      play: { sheet: { any: 1 }, system: 'generic', isOpen: true },
    });
    const changed = await patch(player, path, { sheet: { any: null, more: 2 } }, { 'if-match': '"1"' });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    expect(changed.json).toMatchObject({ character: { play: { sheet: { more: 2 } } }, proposal: null });
    expectProblem(await patch(player, path, { name: 'Late' }, { 'if-match': '"1"' }), 412, 'tabletop/stale');
    expectProblem(
      await patch(player, path, { name: 'Odd' }, { 'if-match': 'W/"1"' }),
      400,
      'tabletop/invalid-if-match',
    );
    const list = await get(server.url, `${campaign}/characters?characterKind=pc&limit=1`, as(master));
    expect((list.json as { items: object[] }).items).toEqual([expect.objectContaining({ id: own.id })]);
    expect((await call(server.url, 'DELETE', path, as(player))).status).toBe(204);
    expectProblem(await get(server.url, path, as(player)), 404, 'tabletop/unknown-object');
  });

  it('refuse sheets that are none, deep bodies and large ones with a clear answer', async () => {
    await patch(master, campaign, { system: 'dnd5e' });
    const npc = { name: 'The Duke', characterKind: 'npc' };
    const refused = await post(
      server.url,
      `${campaign}/characters`,
      { ...npc, sheet: { system: {} } },
      as(master),
    );
    expectProblem(refused, 422, 'tabletop/invalid-sheet');
    expect((refused.json as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)).toEqual([
      '/sheet',
      '/sheet',
    ]);
    const deep = `{"name":"x","characterKind":"npc","sheet":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`;
    const raw = { ...as(master), body: deep, headers: { 'content-type': 'application/json' } };
    expectProblem(await call(server.url, 'POST', `${campaign}/characters`, raw), 400, 'http/malformed');
    const large = { ...npc, sheet: { notes: 'x'.repeat(1_100_000) } };
    expectProblem(await post(server.url, `${campaign}/characters`, large, as(master)), 413, 'http/too-large');
    const some = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`t${at}`, 'x'.repeat(10_000)]));
    const score = { score: 10 };
    const abilities = { str: score, dex: score, con: score, int: score, wis: score, cha: score };
    const long = { ...npc, sheet: { abilities, custom: some } };
    expectProblem(
      await post(server.url, `${campaign}/characters`, long, as(master)),
      413,
      'tabletop/sheet-too-large',
    );
    const schema = await get(server.url, `${TABLETOP}/systems/dnd5e/sheet-schema`, as(player));
    expect(schema.json).toMatchObject({ required: ['abilities'] });
    expectProblem(
      await get(server.url, `${TABLETOP}/systems/gurps/sheet-schema`, as(player)),
      404,
      'tabletop/unknown-system',
    );
    await patch(master, campaign, { system: 'generic' });
  });

  it('are related, with a graph that tells a player nothing of whom they do not see', async () => {
    const [wren, bram] = [
      await make(master, `${campaign}/characters`, {
        name: 'Wren',
        characterKind: 'npc',
        visibility: 'party',
      }),
      await make(master, `${campaign}/characters`, {
        name: 'Bram',
        characterKind: 'npc',
        visibility: 'party',
      }),
    ];
    const spy = await make(master, `${campaign}/characters`, {
      name: 'Xanathar the Hidden',
      characterKind: 'npc',
    });
    const relate = (fromId: string, toId: string) =>
      make(master, `${campaign}/relationships`, {
        fromId,
        toId,
        type: 'serves',
        visibility: 'party',
        strength: 40,
      });
    const [one] = [await relate(wren.id, spy.id), await relate(spy.id, bram.id)];
    const graph = (person: Person, end: string) => get(server.url, `${campaign}/graph/${end}`, as(person));
    const path = `path?from=${wren.id}&to=${bram.id}`;
    expect((await graph(master, path)).json).toMatchObject({ hops: 2 });
    expect((await graph(player, path)).json).toEqual({ hops: null, nodes: [], edges: [] });
    expect((await graph(player, `mutual?a=${wren.id}&b=${bram.id}`)).json).toEqual({ nodes: [], edges: [] });
    expectProblem(await graph(player, `path?from=${wren.id}&to=${spy.id}`), 404, 'tabletop/unknown-object');
    const seen = await get(server.url, `${TABLETOP}/characters/${wren.id}/graph?depth=3`, as(player));
    expect(seen.json).toMatchObject({ nodes: [{ id: wren.id, hops: 0 }], edges: [], isCut: false });
    const svg = await get(server.url, `${TABLETOP}/characters/${wren.id}/graph.svg`, as(master));
    expect([svg.headers.get('content-type'), svg.text.includes('Xanathar')]).toEqual([
      'image/svg+xml; charset=utf-8',
      true,
    ]);
    expect(
      (await get(server.url, `${TABLETOP}/characters/${wren.id}/graph.svg`, as(player))).text,
    ).not.toContain('Xanathar');

    const relation = `${TABLETOP}/relationships/${one.id}`;
    expectProblem(await get(server.url, relation, as(player)), 404, 'tabletop/unknown-link');
    expect(
      (await patch(master, relation, { type: 'betrayed', happenedAt: '2026-06-01T00:00:00Z' })).json,
    ).toMatchObject({ version: 2 });
    const events = (await get(server.url, `${relation}/events`, as(master))).json as {
      items: { type: string }[];
    };
    expect(events.items.map(({ type }) => type).sort()).toEqual(['betrayed', 'serves']);
    expect((await patch(master, relation, { strength: 101 })).status).toBe(400);
    expectProblem(
      await post(
        server.url,
        `${campaign}/relationships`,
        { fromId: wren.id, toId: wren.id, type: 'self' },
        as(master),
      ),
      422,
      'tabletop/invalid-link',
    );
  });

  it('carry things, get on, and wait for approval, each through its routes', async () => {
    const own = await make(player, `${campaign}/characters`, { name: 'Mira', characterKind: 'pc' });
    const other = await make(master, `${campaign}/characters`, {
      name: 'Tam',
      characterKind: 'pc',
      visibility: 'party',
    });
    const path = `${TABLETOP}/characters/${own.id}`;
    const rope = await make(player, `${path}/inventory`, { name: 'Rope', quantity: 2 });
    const headers = { 'idempotency-key': 'once' };
    const wish = { entryId: rope.id, toId: other.id, quantity: 1 };
    const hand = () =>
      call(server.url, 'POST', `${path}/inventory/transfer`, { ...as(player), body: wish, headers });
    const first = await hand();
    expect(first.json).toMatchObject({
      kept: { quantity: 1 },
      handed: { quantity: 1, characterId: other.id },
    });
    const again = await hand();
    expect([again.json, again.headers.get('idempotency-replayed')]).toEqual([first.json, 'true']);
    expectProblem(
      await post(server.url, `${path}/inventory/transfer`, { ...wish, quantity: 9 }, as(player)),
      422,
      'tabletop/invalid-transfer',
    );
    await make(player, `${path}/arcs`, {
      name: 'Home',
      milestones: [{ text: 'Left', reachedAt: '2026-01-01T00:00:00Z' }],
    });
    await make(master, `${path}/achievements`, { name: 'First blood' });
    await post(server.url, `${path}/experience`, { amount: 10, reason: 'A rat' }, as(master));
    const way = (await get(server.url, `${path}/evolution`, as(player))).json as {
      items: { kind: string }[];
    };
    expect(way.items.map(({ kind }) => kind).sort()).toEqual(['achievement', 'experience', 'milestone']);

    await patch(master, campaign, { needsApproval: true });
    const proposed = (await patch(player, path, { name: 'Mira the Swift' })).json as {
      proposal: { id: string };
    };
    expect((await get(server.url, path, as(master))).json).toMatchObject({ name: 'Mira' });
    const accept = `${TABLETOP}/proposals/${proposed.proposal.id}/accept`;
    expectProblem(await post(server.url, accept, undefined, as(player)), 403, 'tabletop/role-too-low');
    expect((await post(server.url, accept, undefined, as(master))).json).toMatchObject({
      status: 'accepted',
    });
    expect((await get(server.url, path, as(player))).json).toMatchObject({ name: 'Mira the Swift' });
    await patch(master, campaign, { needsApproval: false });
  });
});
