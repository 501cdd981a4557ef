import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { aRunnerPicture } from '../security/running-profile-stories.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call, get } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

// As whom somebody runs, what they want, and what others see of them.

const RUNNING = '/api/v1/running';

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;
let eve: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  [ada, eve] = await Promise.all([newPerson(server.url), newPerson(server.url)]);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const read = (who: Person, path: string): Promise<Answer> =>
  get(server.url, RUNNING + path, { token: who.accessToken });
const write = (who: Person, method: string, path: string, body?: unknown, headers = {}): Promise<Answer> =>
  call(server.url, method, RUNNING + path, {
    token: who.accessToken,
    headers,
    ...(body !== undefined && { body }),
  });
const aName = (): string => `Runner.${randomBytes(5).toString('hex')}`;

describe('a profile', () => {
  it('is made when it is first looked at, and changed by its version', async () => {
    const first = await read(ada, '/profile');
    expect(first.status).toBe(200);
    expect(first.headers.get('etag')).toBe('"1"');
    expect(first.json).toMatchObject({ id: ada.id, displayName: null, timeZone: 'UTC', version: 1 });
    const username = aName();
    const body = { username, displayName: 'Ada 🏃', timeZone: 'Europe/Berlin' };
    const changed = await write(ada, 'PATCH', '/profile', body, { 'if-match': '"1"' });
    expect(changed.json).toMatchObject({ ...body, version: 2 });
    expect(changed.headers.get('etag')).toBe('"2"');
    expectProblem(await write(ada, 'PATCH', '/profile', body, { 'if-match': '"1"' }), 412, 'running/stale');
    expectProblem(
      await write(ada, 'PATCH', '/profile', body, { 'if-match': 'x' }),
      400,
      'running/invalid-if-match',
    );
    const taken = await write(eve, 'PATCH', '/profile', { username: username.toLowerCase() });
    expectProblem(taken, 409, 'running/username-taken');
  });

  it.each([
    [{ username: 'ab' }],
    [{ username: 'has space' }],
    [{ username: '0190a5d6-7b9c-7000-8000-000000000000' }],
    [{ username: null }],
    [{ displayName: '' }],
    [{ displayName: ' \t' }],
    [{ displayName: 'x'.repeat(101) }],
    [{ timeZone: 'Europe/Atlantis' }],
    [{ timeZone: null }],
    [{ version: 7 }],
  ])('takes no %j', async (body) => {
    expectProblem(await write(ada, 'PATCH', '/profile', body), 400, 'http/malformed');
  });

  it('shows others what it says, once it is public', async () => {
    const username = aName();
    await write(ada, 'PATCH', '/profile', { username, displayName: 'Ada' });
    for (const name of [username, ada.id])
      expectProblem(await read(eve, `/profiles/${name}`), 404, 'running/unknown-runner');
    await write(ada, 'PATCH', '/preferences', { privacyProfile: 'public' });
    for (const name of [username, username.toUpperCase(), ada.id]) {
      const { status, json, text } = await read(eve, `/profiles/${name}`);
      expect({ status, json }).toMatchObject({
        status: 200,
        json: { id: ada.id, username, displayName: 'Ada' },
      });
      expect(text).not.toContain(ada.email);
      expect(text).not.toContain('timeZone');
    }
    await write(ada, 'PATCH', '/preferences', { privacyProfile: 'friends' });
    expectProblem(await read(eve, `/profiles/${username}`), 404, 'running/unknown-runner');
    expect((await read(ada, `/profiles/${username}`)).status).toBe(200);
  });
});

describe('a picture', () => {
  it('is written anew, linked to, replaced and taken away', async () => {
    await write(ada, 'PATCH', '/preferences', { privacyProfile: 'public' });
    const { body, headers } = await aRunnerPicture();
    const first = await write(ada, 'PUT', '/profile/picture', body, headers);
    expect(first.status).toBe(200);
    const seen = (await read(eve, `/profiles/${ada.id}`)).json.pictureUrl as string;
    expect(seen).toMatch(/^\/api\/v1\/files\/.*signature=/);
    const bytes = await fetch(server.url + seen);
    expect(bytes.headers.get('content-type')).toBe('image/png');
    expect((await sharp(Buffer.from(await bytes.arrayBuffer())).metadata()).width).toBe(4);
    const second = await write(ada, 'PUT', '/profile/picture', body, headers);
    expect(second.json.version).toBe(first.json.version + 1);
    expect((await fetch(server.url + seen)).status).toBe(404);
    const removed = await write(ada, 'DELETE', '/profile/picture');
    expect(removed.json).toMatchObject({ pictureUrl: null, pictureUrlExpiresAt: null });
    expect((await fetch(server.url + (second.json.pictureUrl as string))).status).toBe(404);
    expect((await write(ada, 'DELETE', '/profile/picture')).json.version).toBe(removed.json.version);
  });

  it('is gone from the profile when it is deleted as a file', async () => {
    const { body, headers } = await aRunnerPicture();
    const { pictureUrl } = (await write(eve, 'PUT', '/profile/picture', body, headers)).json as {
      pictureUrl: string;
    };
    const id = /files\/([^/]+)\//.exec(pictureUrl)![1]!;
    await call(server.url, 'DELETE', `/api/v1/files/${id}`, { token: eve.accessToken });
    expect((await read(eve, '/profile')).json.pictureUrl).toBeNull();
  });

  it('is a picture, of no more than five megabytes', async () => {
    const png = { 'content-type': 'image/png' };
    expectProblem(await write(ada, 'PUT', '/profile/picture', { a: 1 }), 415);
    expectProblem(await write(ada, 'PUT', '/profile/picture', Buffer.from('no picture'), png), 415);
    const huge = Buffer.alloc(5 * 1_048_576 + 1);
    (await aRunnerPicture()).body.copy(huge);
    expectProblem(await write(ada, 'PUT', '/profile/picture', huge, png), 413);
  });
});

describe('preferences', () => {
  it('are private defaults, changed in part and by version', async () => {
    const one = await newPerson(server.url);
    const first = await read(one, '/preferences');
    expect(first.json).toMatchObject({ privacyProfile: 'private', privacyRuns: 'private', version: 1 });
    const body = { unitsDistance: 'imperial', restingHeartRateBpm: 48, maxHeartRateBpm: 188, sex: 'female' };
    const changed = await write(one, 'PATCH', '/preferences', body, { 'if-match': '"1"' });
    expect(changed.json).toEqual({ ...first.json, ...body, version: 2 });
    const forgotten = await write(one, 'PATCH', '/preferences', { sex: null });
    expect(forgotten.json).toMatchObject({ sex: null, maxHeartRateBpm: 188, version: 3 });
    expectProblem(
      await write(one, 'PATCH', '/preferences', body, { 'if-match': '"2"' }),
      412,
      'running/stale',
    );
    const wrong = await write(one, 'PATCH', '/preferences', { thresholdHeartRateBpm: 200 });
    expectProblem(wrong, 422, 'running/heart-rates-disagree');
    expect((await read(one, '/preferences')).json).toEqual(forgotten.json);
  });

  it.each([
    [{ privacyRuns: 'everybody' }],
    [{ privacyRuns: null }],
    [{ hasAutoPause: 'yes' }],
    [{ maxHeartRateBpm: 300 }],
    [{ maxHeartRateBpm: 180.5 }],
    [{ thresholdPaceSPerKm: 0 }],
    [{ sex: 'other words' }],
  ])('take no %j', async (body) => {
    expectProblem(await write(ada, 'PATCH', '/preferences', body), 400, 'http/malformed');
  });
});
