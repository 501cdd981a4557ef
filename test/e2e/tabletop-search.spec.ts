import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TABLETOP_ERROR } from '../../src/tabletop/tabletop.errors.js';
import { makeTable, makeTabletopObject } from '../security/tabletop-core-stories.js';
import { type Answer, call, get } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import type { Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

// The search of a campaign over HTTP, as masters and players use it.

let database: TestDatabase;
let server: ServerProcess;
let master: Person;
let member: Person;
let path: string;
let ulssin: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  const table = await makeTable(server.url);
  ({ master, member } = table);
  path = `/api/v1/tabletop/campaigns/${table.campaignId}`;
  const note = (more: object): Promise<string> =>
    makeTabletopObject(server.url, master.accessToken, 'notes', table.campaignId, more);
  ulssin = await note({
    name: 'Ulssin Gloomburn',
    visibility: 'party',
    tags: ['elf'],
    body: 'Keeps a raven.',
  });
  await note({ name: 'Khirzur', visibility: 'gm' });
}, 60_000);

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const as = ({ accessToken: token }: Person, method: string, end: string, body?: object): Promise<Answer> =>
  call(server.url, method, path + end, { token, ...(body && { body }) });
const search = (person: Person, query: string): Promise<Answer> => as(person, 'GET', `/search?${query}`);

describe('a search over HTTP', () => {
  it('finds by sound, with filters and counts, and tells who answered', async () => {
    const { status, json } = await search(
      member,
      `q=${encodeURIComponent("i'll send bloomberg")}&types=note,item`,
    );
    expect(status).toBe(200);
    expect(json).toMatchObject({
      items: [{ object: { id: ulssin, name: 'Ulssin Gloomburn' }, matchedBy: ['name'] }],
      kinds: [{ kind: 'note', count: 1 }],
      didYouMean: 'Ulssin Gloomburn',
      understood: { types: ['note', 'item'], by: 'words' },
      engine: 'postgresql',
    });
    expect((await search(member, 'tags=elf&limit=1')).json.items).toHaveLength(1);
    expect((await search(member, 'q=ravens')).json.items[0].headline).toContain('⟦raven⟧');
    expect((await search(member, 'q=kirzur')).text).not.toContain('Khirzur');
    expect((await search(master, 'q=kirzur')).json.items[0].object.name).toBe('Khirzur');
  });

  it.each([
    ['5,000 characters', `q=${'a'.repeat(5_000)}`, 400],
    ['an unknown kind', 'q=elf&types=dragon', 400],
    ['a session that is none', 'q=elf&session=zero', 400],
    ['blanks alone', 'q=%20%20%20', 400],
    ['signs alone', 'q=%2D%2D%2D', 422],
    ['nothing', '', 422],
  ])('is refused for %s', async (_, query, status) => {
    const answer = await search(member, query);
    expect(answer.status).toBe(status);
    if (status === 422) expectProblem(answer, 422, TABLETOP_ERROR.emptySearch);
  });

  it('suggests, lists mentions and what is related', async () => {
    expect((await as(member, 'GET', '/suggest?q=gloo')).json.items[0].text).toBe('Ulssin Gloomburn');
    expect((await as(member, 'GET', `/mentions/${ulssin}`)).json).toEqual({ items: [], nextCursor: null });
    expect((await as(member, 'GET', `/related/${ulssin}`)).json).toEqual({ items: [] });
  });

  it('learns, keeps and forgets', async () => {
    const learnt = await as(member, 'POST', '/search/corrections', {
      heard: 'the dock elf',
      objectId: ulssin,
    });
    expect(learnt.status).toBe(201);
    expect((await search(member, 'q=the%20dock%20elf')).json.items[0].matchedBy).toContain('learnt');
    expect((await as(member, 'GET', '/search/corrections')).json.items).toEqual([learnt.json]);
    expect((await as(master, 'DELETE', `/search/corrections/${learnt.json.id}`)).status).toBe(204);
    const gone = await as(master, 'DELETE', `/search/corrections/${learnt.json.id}`);
    expectProblem(gone, 404, TABLETOP_ERROR.unknownCorrection);
    const saved = await as(member, 'POST', '/saved-searches', { name: 'Elves', query: { tags: ['elf'] } });
    expect(saved.headers.get('etag')).toBe('"1"');
    const renamed = await as(member, 'PATCH', `/saved-searches/${saved.json.id}`, { name: 'All elves' });
    expect(renamed.json).toMatchObject({ name: 'All elves', query: { tags: ['elf'] }, version: 2 });
    const theirs = await as(master, 'DELETE', `/saved-searches/${saved.json.id}`);
    expectProblem(theirs, 404, TABLETOP_ERROR.unknownSavedSearch);
    expect((await as(member, 'DELETE', `/saved-searches/${saved.json.id}`)).status).toBe(204);
    expect((await as(member, 'GET', '/recent-searches')).json.items[0].q).toBe('the dock elf');
    expect((await as(member, 'DELETE', '/recent-searches')).status).toBe(204);
    expect((await as(member, 'GET', '/recent-searches')).json.items).toEqual([]);
  });

  it('tells strangers that it is there', async () => {
    const { status, json } = await get(server.url, '/health/search', { token: null });
    expect([status, json.status]).toEqual([200, 'ok']);
  });
});
