import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import type { Answer } from './compat-calls.js';
import { bearer, INSTANT, newProfile, user, UUID } from './user-calls.js';

let database: TestDatabase;
let server: ServerProcess;
let person: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  person = await newPerson(server.url);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const QUERY = 'resource=messages';
const post = (profileId: string, content: string, headers: object = {}): Promise<Answer> =>
  user(server, 'POST', QUERY, { profileId, content }, headers);
const list = (query: string, headers: object = {}): Promise<Answer> =>
  user(server, 'GET', `${QUERY}${query}`, undefined, headers);
const count = async (profileId: string): Promise<number> =>
  (await list(`&mode=unread-count&readerProfileId=${profileId}`)).body.count;

describe('messages', () => {
  it('are posted with 201, listed newest first, changed and deleted by their author', async () => {
    const author = await newProfile(server);
    const first = await post(author.id, '  Vends 100 Blé à 40 k  ');
    expect(first).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(UUID),
        content: 'Vends 100 Blé à 40 k',
        createdAt: expect.stringMatching(INSTANT),
        author: { id: author.id, name: author.name },
      },
    });
    expect(Object.keys(first.body)).toEqual(['id', 'content', 'createdAt', 'updatedAt', 'author']);
    expect(first.body.updatedAt).toBe(first.body.createdAt);
    const second = await post(author.id, 'x'.repeat(2_000));
    expect((await list(`&profileId=${author.id}`)).body).toEqual([second.body, first.body]);
    expect((await list('&limit=1')).body).toEqual([second.body]);
    expect((await list('&limit=1&offset=1')).body).toEqual([first.body]);
    expect((await list('&limit=nothing&offset=-1')).body.length).toBeGreaterThan(1);

    const change = { id: first.body.id, profileId: author.id, content: ' vendu ' };
    const changed = await user(server, 'PUT', QUERY, change);
    expect(changed).toMatchObject({
      status: 200,
      body: { ...first.body, content: 'vendu', updatedAt: expect.anything() },
    });
    expect(changed.body.updatedAt > first.body.updatedAt).toBe(true);
    const deleted = await user(server, 'DELETE', `${QUERY}&id=${first.body.id}&profileId=${author.id}`);
    expect(deleted).toMatchObject({ status: 200, body: { message: 'Message deleted successfully' } });
    expect((await list(`&profileId=${author.id}`)).body).toEqual([second.body]);
  });

  it('are read by everybody and written by nobody but their author', async () => {
    const [author, other] = [await newProfile(server), await newProfile(server)];
    const theirs = await newProfile(server, bearer(person.accessToken));
    const shared = (await post(author.id, 'à tous')).body;
    const own = (await post(theirs.id, 'de moi', bearer(person.accessToken))).body;
    for (const headers of [{}, bearer(person.accessToken)])
      expect((await list('&limit=2', headers)).body).toEqual([own, shared]);
    // By another profile of the same account; by another account with the author's id; by one's own for another's message.
    const tries: [object, string, string][] = [
      [{}, shared.id, other.id],
      [bearer(person.accessToken), shared.id, author.id],
      [bearer(person.accessToken), shared.id, theirs.id],
      [{}, own.id, theirs.id],
    ];
    for (const [headers, id, profileId] of tries) {
      expect(await user(server, 'PUT', QUERY, { id, profileId, content: 'pris' }, headers)).toMatchObject({
        status: 403,
        body: { error: 'forbidden', message: 'You can only edit your own messages' },
      });
      const query = `${QUERY}&id=${id}&profileId=${profileId}`;
      expect(await user(server, 'DELETE', query, undefined, headers)).toMatchObject({
        status: 403,
        body: { error: 'forbidden', message: 'You can only delete your own messages' },
      });
    }
    for (const id of [randomUUID(), 'nothing']) {
      const query = `${QUERY}&id=${id}&profileId=${author.id}`;
      expect(await user(server, 'DELETE', query)).toMatchObject({
        status: 404,
        body: { error: 'not_found' },
      });
      const change = { id, profileId: author.id, content: 'x' };
      expect(await user(server, 'PUT', QUERY, change)).toMatchObject({
        status: 404,
        body: { error: 'not_found' },
      });
    }
    for (const id of [theirs.id, randomUUID()])
      expect(await post(id, 'au nom d’un autre')).toMatchObject({
        status: 404,
        body: { error: 'unknown_profile' },
      });
    expect((await list('&limit=2')).body).toEqual([own, shared]);
  });

  it('of a profile that is gone are gone, and what was read of them too', async () => {
    const [author, reader] = [await newProfile(server), await newProfile(server)];
    const { id } = (await post(author.id, 'adieu')).body;
    await user(server, 'POST', `${QUERY}&mode=mark-read`, { readerProfileId: reader.id, messageIds: [id] });
    await user(server, 'DELETE', `resource=profiles&id=${author.id}`);
    expect((await list(`&profileId=${author.id}`)).body).toEqual([]);
    const left = await queryRows(database.url, 'SELECT 1 FROM market.message_read WHERE message_id = $1', [
      id,
    ]);
    expect(left).toEqual([]);
  });

  it.each<[string, object]>([
    ['no author', { content: 'x' }],
    ['no content', { profileId: randomUUID() }],
    ['blank content', { profileId: randomUUID(), content: ' \n' }],
    ['2,001 characters', { profileId: randomUUID(), content: 'x'.repeat(2_001) }],
    ['NUL', { profileId: randomUUID(), content: 'a\0b' }],
    ['half a surrogate pair', { profileId: randomUUID(), content: '\udfff' }],
    ['a number', { profileId: randomUUID(), content: 7 }],
  ])('are refused with %s', async (_what, body) => {
    const refused = { status: 400, body: { error: 'invalid_input' } };
    expect(await user(server, 'POST', QUERY, body)).toMatchObject(refused);
    expect(await user(server, 'PUT', QUERY, { id: randomUUID(), ...body })).toMatchObject(refused);
  });

  it('need an id, a profile, and the right method', async () => {
    const author = randomUUID();
    for (const query of ['', `&id=${author}`, `&profileId=${author}`])
      expect(await user(server, 'DELETE', QUERY + query)).toMatchObject({ status: 400 });
    expect(await user(server, 'PUT', QUERY, { profileId: author, content: 'x' })).toMatchObject({
      status: 400,
    });
    expect(await list('&mode=unread-count')).toMatchObject({ status: 400, body: { error: 'invalid_input' } });
    expect(await list('&mode=mark-read')).toMatchObject({ status: 405 });
    expect(await user(server, 'POST', `${QUERY}&mode=unread-count`, {})).toMatchObject({ status: 405 });
  });
});

describe('what has been read', () => {
  it('is known of a reader: unread counts, one by one and all at once', async () => {
    const [author, reader] = [await newProfile(server), await newProfile(server)];
    const before = await count(reader.id);
    const ids: string[] = [];
    for (const text of ['un', 'deux', 'trois']) ids.push((await post(author.id, text)).body.id);
    const own = (await post(reader.id, 'le mien')).body.id;
    expect(await count(reader.id)).toBe(before + 3);

    const mark = (messageIds: unknown): Promise<Answer> =>
      user(server, 'POST', `${QUERY}&mode=mark-read`, { readerProfileId: reader.id, messageIds });
    for (let time = 0; time < 2; time += 1)
      expect(await mark([ids[1], randomUUID(), 'nothing', 5])).toMatchObject({
        status: 200,
        body: { message: 'Messages marked as read' },
      });
    expect(await count(reader.id)).toBe(before + 2);
    const shown = (await list(`&limit=4&readerProfileId=${reader.id}`)).body;
    expect(shown.map(({ id, isRead }: { id: string; isRead: boolean }) => [id, isRead])).toEqual([
      [own, true],
      [ids[2], false],
      [ids[1], true],
      [ids[0], false],
    ]);
    expect((await list('&limit=1')).body[0]).not.toHaveProperty('isRead');

    const [{ others } = { others: 0 }] = await queryRows<{ others: number }>(
      database.url,
      'SELECT count(*)::int AS others FROM market.message WHERE profile_id <> $1',
      [reader.id],
    );
    const all = await user(server, 'POST', `${QUERY}&mode=mark-all-read`, { readerProfileId: reader.id });
    expect(all).toMatchObject({
      status: 200,
      body: { message: 'All messages marked as read', count: others },
    });
    expect(await count(reader.id)).toBe(0);
    for (const messageIds of [undefined, [], 'x', {}])
      expect(await mark(messageIds)).toMatchObject({ status: 400, body: { error: 'invalid_input' } });
    expect((await mark(Array.from({ length: 10_000 }, () => randomUUID()))).status).toBe(200);
  });

  it('is nobody else’s business: another account’s reader is like one that never was', async () => {
    const theirs = await newProfile(server, bearer(person.accessToken));
    await post(theirs.id, 'bonjour', bearer(person.accessToken));
    const all = { readerProfileId: theirs.id };
    await user(server, 'POST', `${QUERY}&mode=mark-all-read`, all, bearer(person.accessToken));
    const [mine, random] = [theirs.id, randomUUID()];
    expect(await count(mine)).toBe(await count(random));
    expect((await list(`&readerProfileId=${mine}`)).body).toEqual(
      (await list(`&readerProfileId=${random}`)).body,
    );
    for (const mode of ['mark-read', 'mark-all-read']) {
      const answers = [];
      for (const readerProfileId of [mine, random]) {
        const body = { readerProfileId, messageIds: [randomUUID()] };
        const { status, body: answer } = await user(server, 'POST', `${QUERY}&mode=${mode}`, body);
        answers.push({ status, answer });
      }
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0]).toMatchObject({ status: 404, answer: { error: 'unknown_profile' } });
    }
  });
});
