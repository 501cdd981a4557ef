import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { aLoop, makeRunRow } from '../factories/run.factory.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call, get } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { makeGhost, raceGhost } from '../support/race-trial.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

// Runs as pictures: of one's own and of those that are public, the same while they are the same.

const RUNNING = '/api/v1/running';
const PICTURES = ['route.svg', 'elevation.svg', 'pace.svg', 'card.svg'] as const;
const WELL_FORMED = /^(?:<\/?\w+(?: [\w:-]+="[^"<]*")* ?\/?>|[^<>"]|")*$/;
const EVIL = '<script>alert("1")</script> & Co';

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;
let eve: Person;
let open: string;
let closed: string;
let foreign: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  [ada, eve] = await Promise.all([newPerson(server.url), newPerson(server.url)]);
  open = await makeRunRow(database.url, { userId: ada.id, visibility: 'public', title: EVIL });
  closed = await makeRunRow(database.url, { userId: ada.id, visibility: 'friends' });
  foreign = await makeRunRow(database.url, { userId: ada.id, source: 'strava', title: null });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const draw = (
  who: Person,
  id: string,
  picture: string,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  get(server.url, `${RUNNING}/runs/${id}/${picture}`, { token: who.accessToken, headers });

describe('a picture of a run', () => {
  it.each(PICTURES)('%s is well-formed, says its type, and is not sent twice', async (picture) => {
    const first = await draw(ada, open, picture);
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(first.headers.get('content-security-policy')).toContain('sandbox');
    expect(first.text).toMatch(WELL_FORMED);
    expect(first.text).not.toMatch(/<script|NaN|undefined/);
    const again = await draw(ada, open, picture, { 'if-none-match': first.headers.get('etag')! });
    expect([again.status, again.text]).toEqual([304, '']);
    const dark = await draw(ada, open, `${picture}?theme=dark`);
    expect(dark.text).toContain('#14181d');
  });

  it.each(PICTURES)('%s is seen by others while the run is public and ours to show', async (picture) => {
    expect((await draw(eve, open, picture)).status).toBe(200);
    for (const id of [closed, foreign, randomUUID(), 'none', '..%2f'])
      expectProblem(await draw(eve, id, picture), 404, 'running/unknown-run');
    for (const id of [closed, foreign]) expect((await draw(ada, id, picture)).status).toBe(200);
  });

  it.each([
    ['route.svg?width=31'],
    ['route.svg?height=1601'],
    ['elevation.svg?width=100'],
    ['pace.svg?units=furlongs'],
    ['card.svg?theme=pink'],
  ])('takes no %s', async (picture) => {
    expectProblem(await draw(ada, open, picture), 400);
  });

  it('shows figures in the units of whoever looks', async () => {
    const units = async (who: Person): Promise<string> =>
      /\d\.\d\d (km|mi)/.exec((await draw(who, open, 'card.svg')).text)![1]!;
    expect(await units(eve)).toBe('km');
    await call(server.url, 'PATCH', `${RUNNING}/preferences`, {
      token: eve.accessToken,
      body: { unitsDistance: 'imperial' },
    });
    expect(await units(eve)).toBe('mi');
    expect(await units(ada)).toBe('km');
    expect((await draw(ada, open, 'card.svg?units=imperial')).text).toContain('1.49 mi');
  });

  it('names the runner to those who may know the profile', async () => {
    const own = (body: object, path = 'profile'): Promise<Answer> =>
      call(server.url, 'PATCH', `${RUNNING}/${path}`, { token: ada.accessToken, body });
    await own({ displayName: 'Ada L.' });
    expect((await draw(ada, open, 'card.svg')).text).toContain('Ada L.');
    expect((await draw(eve, open, 'card.svg')).text).not.toContain('Ada L.');
    await own({ privacyProfile: 'public' }, 'preferences');
    expect((await draw(eve, open, 'card.svg')).text).toContain('Ada L.');
  });

  it('of a run without a track says so', async () => {
    const device = { distanceM: 5_000, movingTimeS: 1_500, elapsedTimeS: 1_500 };
    const id = await makeRunRow(database.url, { userId: ada.id, track: null, device, timeZone: 'No/Where' });
    expect((await draw(ada, id, 'card.svg')).text).toContain('5.00 km');
    expect((await draw(ada, id, 'elevation.svg')).text).toContain('no altitudes');
    expect((await draw(ada, id, 'route.svg')).text).not.toContain('<path');
  });
});

describe('a picture of a race', () => {
  it('shows how the gap to the ghost went, to whoever ran it', async () => {
    const token = ada.accessToken;
    const before = await makeRunRow(database.url, { userId: ada.id, track: aLoop({ speedMps: 3 }) });
    const after = await makeRunRow(database.url, { userId: ada.id, track: aLoop({ speedMps: 3.2 }) });
    const ghostId = await makeGhost(server.url, token, before, { name: EVIL });
    const raceId = await raceGhost(server.url, token, ghostId, after);
    const gap = (who: Person, query = ''): Promise<Answer> =>
      get(server.url, `${RUNNING}/races/${raceId}/gap.svg${query}`, { token: who.accessToken });
    const drawn = await gap(ada);
    expect(drawn.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(drawn.text).toMatch(WELL_FORMED);
    expect(drawn.text).toContain('−40 s'); // 2,400 m at 3.2 instead of 3 m/s: 50 s ahead at the line
    expect((await gap(ada, `?ghostId=${ghostId}`)).text).toBe(drawn.text);
    expect((await gap(ada, `?ghostId=${randomUUID()}`)).text).toContain('never began');
    expectProblem(await gap(ada, '?ghostId=x'), 400);
    expectProblem(await gap(eve), 404, 'running/unknown-race');
  }, 60_000);
});
