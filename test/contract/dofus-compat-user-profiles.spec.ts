import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import {
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { bearer, INSTANT, newProfile, user, UUID } from './user-calls.js';

// Profiles and favourites of /api/user as the web page and the packet reader call them: without a token, and with the one that
// both of them share. Somebody with an account of their own sees neither, and is seen by neither.

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

describe('profiles', () => {
  it('are added with 201, listed by name and deleted', async () => {
    const made = await user(server, 'POST', 'resource=profiles', { name: ' zz Écaflip ' });
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(UUID),
        name: 'zz Écaflip',
        created_at: expect.stringMatching(INSTANT),
      },
    });
    expect(Object.keys(made.body)).toEqual(['id', 'name', 'created_at']);
    const first = (await user(server, 'POST', 'resource=profiles', { name: 'AA' })).body;
    const list = await user(server, 'GET', 'resource=profiles');
    expect(list.status).toBe(200);
    expect(list.body).toEqual([first, made.body]);

    const deleted = await user(server, 'DELETE', `resource=profiles&id=${made.body.id}`);
    expect(deleted).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect((await user(server, 'GET', 'resource=profiles')).body).toEqual([first]);
  });

  it('have a name that no other of the account has: 409', async () => {
    const { name } = await newProfile(server);
    expect(await user(server, 'POST', 'resource=profiles', { name })).toMatchObject({
      status: 409,
      body: { error: 'conflict', message: 'Profile name already exists' },
    });
    const mine = await user(server, 'POST', 'resource=profiles', { name }, bearer(person.accessToken));
    expect(mine.status).toBe(201);
  });

  it.each<[string, unknown]>([
    ['no body', undefined],
    ['no name', {}],
    ['an empty name', { name: '' }],
    ['a blank name', { name: '  ' }],
    ['a number', { name: 5 }],
    ['NUL', { name: 'a\0b' }],
    ['half a surrogate pair', { name: 'a\ud800' }],
    ['a name that is too long', { name: 'x'.repeat(101) }],
    ['an array', [{ name: 'x' }]],
    ['null', null],
  ])('are refused for %s', async (_what, body) => {
    expect(await user(server, 'POST', 'resource=profiles', body)).toMatchObject({
      status: 400,
      body: { error: 'invalid_input', message: 'Name is required' },
    });
  });

  it('need an id to be deleted; one that never was is gone as well', async () => {
    expect(await user(server, 'DELETE', 'resource=profiles')).toMatchObject({ status: 400 });
    for (const id of [randomUUID(), 'nothing', '%F0%9F%92%B0'])
      expect(await user(server, 'DELETE', `resource=profiles&id=${id}`)).toMatchObject({
        status: 200,
        body: { status: 'ok' },
      });
    expect(await user(server, 'PUT', 'resource=profiles', {})).toMatchObject({ status: 405 });
  });

  it('are the same with the shared token as without, and others for a person', async () => {
    const shared = await newProfile(server);
    const withToken = await newProfile(server, bearer(INGEST_TOKEN));
    const mine = await newProfile(server, bearer(person.accessToken));
    const seen = async (headers: object = {}): Promise<string[]> =>
      (await user(server, 'GET', 'resource=profiles', undefined, headers)).body.map(
        ({ id }: { id: string }) => id,
      );
    for (const headers of [{}, bearer(INGEST_TOKEN), bearer(READ_TOKEN)]) {
      expect(await seen(headers)).toEqual(expect.arrayContaining([shared.id, withToken.id]));
      expect(await seen(headers)).not.toContain(mine.id);
    }
    expect(await seen(bearer(person.accessToken))).toContain(mine.id);
    expect(await seen(bearer(person.accessToken))).not.toContain(shared.id);
    // Deleted by somebody else it says what it says of one that never was, and is still there.
    const tried = await user(server, 'DELETE', `resource=profiles&id=${mine.id}`);
    expect(tried).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await seen(bearer(person.accessToken))).toContain(mine.id);
  });
});

describe.each(['resource=profiles&mode=favorites', 'resource=favorites'])('favourites at %s', (query) => {
  it('are names: added, added again, listed and taken away, all with 200', async () => {
    const { id: profileId } = await newProfile(server);
    const names = async (): Promise<unknown> =>
      (await user(server, 'GET', `${query}&profileId=${profileId}`)).body;
    expect(await names()).toEqual([]);
    const add = (itemName: string) => user(server, 'POST', query, { profileId, itemName });
    expect(await add('Bois de Frêne')).toMatchObject({
      status: 200,
      body: { message: 'Item added to favorites' },
    });
    expect(await add('Bois de Frêne')).toMatchObject({
      status: 200,
      body: { message: 'Item already in favorites' },
    });
    await add('Blé');
    expect(await names()).toEqual(['Blé', 'Bois de Frêne']);
    const removed = await user(server, 'DELETE', query, { profileId, itemName: 'Blé' });
    expect(removed).toMatchObject({ status: 200, body: { message: 'Item removed from favorites' } });
    expect(await user(server, 'DELETE', query, { profileId, itemName: 'Blé' })).toMatchObject({
      status: 200,
    });
    expect(await names()).toEqual(['Bois de Frêne']);
  });

  it('of somebody else’s profile are those of none', async () => {
    const { id: theirs } = await newProfile(server, bearer(person.accessToken));
    await user(server, 'POST', query, { profileId: theirs, itemName: 'Blé' }, bearer(person.accessToken));
    for (const profileId of [theirs, randomUUID()]) {
      expect(await user(server, 'GET', `${query}&profileId=${profileId}`)).toMatchObject({
        status: 200,
        body: [],
      });
      expect(await user(server, 'POST', query, { profileId, itemName: 'Blé' })).toMatchObject({
        status: 404,
        body: { error: 'unknown_profile' },
      });
      expect(await user(server, 'DELETE', query, { profileId, itemName: 'Blé' })).toMatchObject({
        status: 200,
      });
    }
    const kept = await user(
      server,
      'GET',
      `${query}&profileId=${theirs}`,
      undefined,
      bearer(person.accessToken),
    );
    expect(kept.body).toEqual(['Blé']);
  });

  it('are refused without profile or item, and for an item that is none', async () => {
    const { id: profileId } = await newProfile(server);
    expect(await user(server, 'GET', query)).toMatchObject({ status: 400 });
    for (const body of [{ profileId }, { itemName: 'Blé' }, { profileId: 5, itemName: 'Blé' }, undefined])
      for (const method of ['POST', 'DELETE'])
        expect(await user(server, method, query, body)).toMatchObject({
          status: 400,
          body: { error: 'invalid_input' },
        });
    expect(await user(server, 'POST', query, { profileId, itemName: 'Nothing of that name' })).toMatchObject({
      status: 404,
      body: { error: 'Item not found' },
    });
    const gone = { profileId, itemName: 'Nothing of that name' };
    expect(await user(server, 'DELETE', query, gone)).toMatchObject({ status: 200 });
  });
});

describe('with the anonymous account', () => {
  it('off, every call without a token is 401 and with a wrong one 403; with one it is served', async () => {
    const closed = await startServerProcess({ DATABASE_URL: database.url, COMPAT_DOFUS_ANONYMOUS: 'off' });
    try {
      for (const query of [
        'profiles',
        'profiles&mode=favorites',
        'lists',
        'lists&mode=items',
        'messages',
        'messages&mode=unread-count',
      ])
        for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
          const body = method === 'GET' ? undefined : {};
          const none = await user(closed, method, `resource=${query}`, body);
          expect({ query, method, ...none }).toMatchObject({ status: 401, body: { error: 'unauthorized' } });
          const wrong = await user(
            closed,
            method,
            `resource=${query}`,
            body,
            bearer('wrong-token-0123456789'),
          );
          expect({ query, method, ...wrong }).toMatchObject({ status: 403, body: { error: 'forbidden' } });
        }
      expect((await user(closed, 'GET', 'resource=bank&server=Draconiros')).status).toBe(401);
      const listed = await user(closed, 'GET', 'resource=profiles', undefined, bearer(INGEST_TOKEN));
      expect(listed.status).toBe(200);
      expect((await newProfile(closed, bearer(INGEST_TOKEN))).id).toMatch(UUID);
    } finally {
      await closed.stop();
    }
  });

  it('for reading, what the shared token’s clients keep is shown, and nothing can be written', async () => {
    const shared = await newProfile(server);
    const reading = await startServerProcess({ DATABASE_URL: database.url, COMPAT_DOFUS_ANONYMOUS: 'read' });
    try {
      const { body } = await user(reading, 'GET', 'resource=profiles');
      expect(body).toContainEqual(expect.objectContaining({ id: shared.id }));
      const refused = await user(reading, 'POST', 'resource=profiles', { name: 'x' });
      expect(refused).toMatchObject({ status: 401, body: { error: 'unauthorized' } });
    } finally {
      await reading.stop();
    }
  });
});
