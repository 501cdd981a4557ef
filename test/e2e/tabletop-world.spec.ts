import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { TABLETOP_ERROR } from '../../src/tabletop/tabletop.errors.js';
import { makeTable } from '../security/tabletop-core-stories.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import type { Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { aPng, aUvtt } from '../support/uvtt-files.js';

// Places, sessions, threads and their days over HTTP, as a master and a player use them.

const TABLETOP = '/api/v1/tabletop';

let database: TestDatabase;
let server: ServerProcess;
let master: Person;
let player: Person;
let campaign: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  const table = await makeTable(server.url);
  [master, player] = [table.master, table.member];
  campaign = `${TABLETOP}/campaigns/${table.campaignId}`;
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const as =
  ({ accessToken: token }: Person) =>
  (method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> =>
    call(server.url, method, path, { token, headers, ...(body && { body }) });
const make = async (kind: string, body: object): Promise<string> => {
  const { status, json, text } = await as(master)('POST', `${campaign}/${kind}`, body);
  if (status !== 201) throw new Error(text);
  return (json as { id: string }).id;
};
const shown = { visibility: 'party' };

describe('a world', () => {
  it('is built once for a key, moved and read as a tree', async () => {
    const wish = {
      name: 'Ulssin',
      ...shown,
      details: {
        type: 'settlement',
        population: 4_000,
        traits: { weather: 'rain', sounds: { items: ['bells'] } },
      },
    };
    const key = { 'idempotency-key': randomUUID() };
    const [first, again] = [
      await as(master)('POST', `${campaign}/locations`, wish, key),
      await as(master)('POST', `${campaign}/locations`, wish, key),
    ];
    expect([first.status, again.json]).toEqual([201, first.json]);
    expect(first.json).toMatchObject({ name: 'Ulssin', parentId: null, breadcrumbs: [] });
    const city = (first.json as { id: string }).id;
    const inn = await make('locations', { name: 'Inn', ...shown, details: { type: 'building' } });
    const move = (id: string, parentId: string | null, tag = '*') =>
      as(master)('POST', `${TABLETOP}/locations/${id}/move`, { parentId }, { 'if-match': tag });
    const moved = await move(inn, city, '"1"');
    expect([moved.status, moved.headers.get('etag')]).toEqual([200, '"2"']);
    expect(moved.json).toMatchObject({ parentId: city, breadcrumbs: [{ id: city, name: 'Ulssin' }] });
    expectProblem(await move(city, inn), 422, TABLETOP_ERROR.placeInItself);
    expectProblem(await move(city, randomUUID()), 422, TABLETOP_ERROR.notAPlace);
    expectProblem(await move(inn, null, '"1"'), 412, TABLETOP_ERROR.stale);
    const tree = await as(player)('GET', `${campaign}/locations/tree?rootId=${city}`);
    expect(tree.json).toMatchObject({
      items: [
        { name: 'Ulssin', depth: 0 },
        { name: 'Inn', depth: 1 },
      ],
      isCut: false,
    });
    const told = await as(player)('GET', `${TABLETOP}/locations/${inn}/environment`);
    expect(told.json).toMatchObject({
      values: { weather: { value: 'rain', from: { name: 'Ulssin' } } },
      lists: { sounds: [{ value: 'bells' }], hazards: [] },
    });
  });

  it('says what is wrong with a place', async () => {
    const cases: [object, string][] = [
      [{}, '/name'],
      [{ name: 'x', details: { type: 'moon' } }, '/details/type'],
      [{ name: 'x', details: { traits: { light: 'green' } } }, '/details/traits/light'],
      [{ name: 'x', details: { traits: { sounds: { items: 'bells' } } } }, '/details/traits/sounds/items'],
      [{ name: 'x', details: { traits: { colour: 'red' } } }, '/details/traits/colour'],
      [{ name: 'x', details: { position: { x: 2, y: 0 } } }, '/details/position/x'],
    ];
    for (const [body, pointer] of cases) {
      const answer = await as(master)('POST', `${campaign}/locations`, body);
      expect({ pointer, status: answer.status }).toEqual({ pointer, status: 400 });
      expect(
        (answer.json as { errors: { pointer: string }[] }).errors.map((fault) => fault.pointer),
      ).toContain(pointer);
    }
  });

  it('has ways, visitors and a picture', async () => {
    const [city, a, b] = [
      await make('locations', { name: 'Port', ...shown }),
      await make('locations', { name: 'Quay', ...shown }),
      await make('locations', { name: 'Gate', ...shown }),
    ];
    for (const id of [a, b]) await as(master)('POST', `${TABLETOP}/locations/${id}/move`, { parentId: city });
    const edge = await as(master)('POST', `${TABLETOP}/locations/${a}/edges`, {
      toId: b,
      type: 'road',
      distanceM: 300,
      travelTimeS: 240,
      ...shown,
    });
    expect(edge.json).toMatchObject({
      from: { name: 'Quay' },
      to: { name: 'Gate' },
      isDirected: false,
      version: 1,
    });
    const path = await as(player)('GET', `${campaign}/locations/path?from=${b}&to=${a}&by=time`);
    expect(path.json).toMatchObject({ isReachable: true, distanceM: 300, travelTimeS: 240, steps: [{}] });
    expectProblem(
      await as(player)('GET', `${campaign}/locations/path?from=${b}&to=${randomUUID()}`),
      404,
      TABLETOP_ERROR.unknownObject,
    );
    const svg = await as(player)('GET', `${TABLETOP}/locations/${city}/map.svg?width=400`);
    expect(svg.headers.get('content-type')).toMatch(/^image\/svg/);
    expect(svg.text).toContain('Quay');
    const session = await make('sessions', { ...shown });
    const visit = await as(master)('POST', `${TABLETOP}/locations/${a}/visits`, {
      objectId: session,
      day: 3,
      ...shown,
    });
    expect(visit.json).toMatchObject({ object: { id: session, kind: 'session' }, day: 3 });
    const twice = await as(master)('POST', `${TABLETOP}/sessions/${session}/appearances`, { objectId: a });
    expect(twice.status).toBe(201);
    const again = await as(master)('POST', `${TABLETOP}/sessions/${session}/appearances`, { objectId: a });
    expectProblem(again, 409, TABLETOP_ERROR.linkExists);
  });
});

describe('a story', () => {
  it('waits, moves on, and is told by day to those who see it', async () => {
    const [bell, raven] = [
      await make('plots', { name: 'The bell', ...shown }),
      await make('plots', { name: 'The raven' }),
    ];
    const wait = (id: string, plotId: string) =>
      as(master)('POST', `${TABLETOP}/plots/${id}/dependencies`, { plotId });
    expect((await wait(bell, raven)).json).toMatchObject({ plotId: raven, isOpen: true });
    expectProblem(await wait(raven, bell), 409, TABLETOP_ERROR.plotCircle);
    const session = await make('sessions', {
      ...shown,
      details: { number: 7, day: 738_000, heldOn: '2026-11-30' },
    });
    expectProblem(
      await as(master)('POST', `${campaign}/sessions`, { details: { number: 7 } }),
      409,
      TABLETOP_ERROR.sessionNumberTaken,
    );
    const progress = { status: 'active', progressPct: 20, sessionId: session, note: 'It rang.' };
    const moved = await as(master)('PUT', `${TABLETOP}/plots/${bell}/progress`, progress);
    expect(moved.json).toMatchObject({ details: { status: 'active', progressPct: 20 } });
    expectProblem(
      await as(player)('PUT', `${TABLETOP}/plots/${bell}/progress`, progress),
      403,
      TABLETOP_ERROR.roleTooLow,
    );
    const hook = await as(master)('POST', `${TABLETOP}/plots/${bell}/foreshadowing`, {
      title: 'A limping raven',
      plantedIn: session,
      dueSession: 8,
    });
    const beat = `${TABLETOP}/plots/${bell}/foreshadowing/${(hook.json as { id: string }).id}`;
    expectProblem(await as(player)('PATCH', beat, { isDone: true }), 404, TABLETOP_ERROR.unknownBeat);
    const reminders = await as(master)('GET', `${campaign}/reminders`);
    expect(reminders.json).toMatchObject({
      sessionNumber: 7,
      items: expect.arrayContaining([
        expect.objectContaining({ kind: 'pay-off-due', title: 'A limping raven' }),
      ]),
    });
    expect((await as(player)('GET', `${campaign}/reminders`)).text).not.toContain('raven');
    const mine = await as(player)('GET', `${campaign}/timeline?plotId=${bell}`);
    expect(mine.json).toMatchObject({
      items: [{ kind: 'session', dayText: '29 July 2020', onDate: '2026-11-30' }],
    });
    const whole = await as(master)('GET', `${campaign}/timeline?kinds=planted,session&fromDay=738000`);
    expect((whole.json as { items: { kind: string }[] }).items.map(({ kind }) => kind)).toEqual([
      'planted',
      'session',
    ]);
    for (const [format, type] of [
      ['json', 'application/json'],
      ['md', 'text/markdown'],
      ['csv', 'text/csv'],
    ]) {
      const file = await as(player)('GET', `${campaign}/timeline/export?format=${format}`);
      expect(file.headers.get('content-type')).toContain(type);
      expect(file.headers.get('content-disposition')).toBe(`attachment; filename="timeline.${format}"`);
      expect(file.text).toContain('Session 7');
      expect(file.text).not.toContain('raven');
    }
    expectProblem(await as(player)('GET', `${campaign}/timeline?cursor=WzFd`), 400, 'http/malformed');
  });

  it('has events at places, by a calendar of its own', async () => {
    const inn = await make('locations', { name: 'Inn', ...shown });
    const event = await as(master)('POST', `${campaign}/events`, {
      name: 'The fair',
      ...shown,
      parentId: inn,
      details: { day: 40, endDay: 42 },
    });
    expect(event.json).toMatchObject({ parentId: inn, details: { dayText: '10 February 0', isOver: false } });
    const at = await as(player)('GET', `${campaign}/events?locationId=${inn}`);
    expect((at.json as { items: object[] }).items).toHaveLength(1);
    const change = { details: { endDay: 39 } };
    const path = `${TABLETOP}/events/${(event.json as { id: string }).id}`;
    expectProblem(await as(master)('PATCH', path, change), 422, TABLETOP_ERROR.noSuchDay);
    const months = [
      { name: 'Hammer', days: 30 },
      { name: 'Midwinter', days: 1, isOutsideWeeks: true },
    ];
    const put = (calendar: object) => as(master)('PUT', `${campaign}/calendar`, calendar);
    expectProblem(
      await put({ name: 'x', months, leapRules: [{ month: 3, days: 1, everyYears: 4 }] }),
      422,
      TABLETOP_ERROR.invalidCalendar,
    );
    expect((await put({ name: 'Short', months, era: 'DR' })).json).toMatchObject({ isOwn: true });
    expect((await as(player)('GET', path)).json).toMatchObject({
      details: { day: 40, dayText: '10 Hammer 1 DR' },
    });
    const day = await as(player)('GET', `${campaign}/calendar/day?year=1&month=2`);
    expect(day.json).toMatchObject({ day: 61, text: 'Midwinter 1 DR', weekday: null });
    expectProblem(await as(player)('GET', `${campaign}/calendar/day?month=3`), 422, TABLETOP_ERROR.noSuchDay);
  });
});

describe('a battle map', () => {
  const bytes = { 'content-type': 'application/octet-stream' };
  const bring = (who: Person, file: Buffer, query = 'name=Cellar&visibility=party'): Promise<Answer> =>
    call(server.url, 'POST', `${campaign}/maps/import/uvtt?${query}`, {
      token: who.accessToken,
      headers: bytes,
      body: file,
    });
  const aFile = (change: object = {}): Buffer => Buffer.from(JSON.stringify({ ...aUvtt(), ...change }));

  it('comes from a file that lies, with a clean picture for those who see it and its plan for masters', async () => {
    const resolution = { map_origin: { x: 0, y: 0 }, map_size: { x: 9_999, y: 1 }, pixels_per_grid: 10 };
    const answer = await bring(master, aFile({ resolution }));
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      grid: { columns: 8, rows: 6, widthPx: 80, cellDistance: 5, distanceUnit: 'ft' },
      wallCount: 2,
      portalCount: 1,
      lightCount: 1,
      notes: [expect.stringContaining('the picture counts')],
    });
    const path = `${TABLETOP}/maps/${(answer.json as { id: string }).id}`;
    const seen = await as(player)('GET', path);
    const { pictureUrl } = seen.json as { pictureUrl: string };
    const picture = await call(server.url, 'GET', pictureUrl, { token: null });
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(seen.text).not.toContain('wall');
    expectProblem(await as(player)('GET', `${path}/plan`), 403, TABLETOP_ERROR.roleTooLow);
    expect((await as(master)('GET', `${path}/plan`)).json).toMatchObject({
      walls: [{}, {}],
      portals: [{}],
      isLit: false,
    });
    const changed = await as(master)(
      'PATCH',
      path,
      { grid: { cellDistance: 2, distanceUnit: 'm' } },
      { 'if-match': '"1"' },
    );
    expect(changed.json).toMatchObject({ grid: { cellDistance: 2, distanceUnit: 'm' }, version: 2 });
    const list = await as(player)('GET', `${campaign}/maps`);
    expect((list.json as { items: object[] }).items).toMatchObject([{ grid: { cellDistance: 2 } }]);
  });

  it('is refused with a reason, and leaves nothing, where the file is none', async () => {
    const mapsOf = async (): Promise<number> =>
      ((await as(master)('GET', `${campaign}/maps`)).json as { items: object[] }).items.length;
    const filesOf = async (): Promise<number> =>
      ((await as(master)('GET', '/api/v1/files')).json as { items: object[] }).items.length;
    const before = [await mapsOf(), await filesOf()];
    const whole = aFile();
    const cases: [Buffer, number, string][] = [
      [whole.subarray(0, 200), 422, TABLETOP_ERROR.unreadableMap],
      [Buffer.from('['.repeat(100_000)), 422, TABLETOP_ERROR.unreadableMap],
      [Buffer.from(`{"a":${'['.repeat(100_000)}`), 422, TABLETOP_ERROR.unreadableMap],
      [aFile({ image: Buffer.from('GIF89a').toString('base64') }), 422, TABLETOP_ERROR.unreadableMap],
      // A picture of which the header is all there is.
      [aFile({ image: aPng().subarray(0, 40).toString('base64') }), 422, 'operations/file-unreadable'],
      [aFile({ image: aPng(60_000, 60_000).toString('base64') }), 422, 'operations/file-unreadable'],
      [Buffer.from(''), 422, 'operations/file-unreadable'],
    ];
    for (const [file, status, code] of cases) expectProblem(await bring(master, file), status, code);
    expectProblem(await bring(player, whole), 403, TABLETOP_ERROR.roleTooLow);
    expectProblem(
      await bring(master, whole, `name=x&locationId=${randomUUID()}`),
      422,
      TABLETOP_ERROR.notAPlace,
    );
    const asJson = await as(master)('POST', `${campaign}/maps/import/uvtt?name=x`, aUvtt());
    expectProblem(asJson, 415, 'operations/file-not-sent-as-bytes');
    expect([await mapsOf(), await filesOf()]).toEqual(before);
  });

  it('has pins and tokens, and exchanges these with Foundry', async () => {
    const { json } = await bring(master, aFile());
    const path = `${TABLETOP}/maps/${(json as { id: string }).id}`;
    const pin = await as(master)('POST', `${path}/markers`, { kind: 'pin', name: 'Trapdoor', x: 2.5, y: 1 });
    expect(pin.json).toMatchObject({ isHidden: true, width: 1, version: 1 });
    const token = { _id: 'abcdefgh12345678', name: 'Goblin', x: 40, y: 20, hidden: false, actorId: 'x' };
    const scene = { grid: { size: 10, type: 1 }, padding: 0, tokens: [token] };
    const told = await as(master)('POST', `${path}/tokens/import/foundry`, { scene });
    expect([told.status, told.json]).toMatchObject([200, { addedCount: 1, conflicts: [], notes: [] }]);
    const { items } = (await as(player)('GET', `${path}/markers`)).json as {
      items: { name: string; x: number }[];
    };
    expect(items).toMatchObject([{ name: 'Goblin', x: 4, y: 2, kind: 'token' }]);
    const out = await as(master)('GET', `${path}/tokens/export/foundry`);
    expect(out.json).toMatchObject({
      scene: { width: 80, grid: { size: 10 }, tokens: [{ ...token, rotation: 0 }] },
    });
    expectProblem(
      await as(master)('POST', `${path}/tokens/import/foundry`, { scene: { tokens: [] } }),
      422,
      TABLETOP_ERROR.unreadableScene,
    );
    expectProblem(
      await as(master)('DELETE', `${path}/markers/${randomUUID()}`),
      404,
      TABLETOP_ERROR.unknownMarker,
    );
  });
});
