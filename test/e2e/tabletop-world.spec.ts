import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { TABLETOP_ERROR } from '../../src/tabletop/tabletop.errors.js';
import { makeTable } from '../security/tabletop-core-stories.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import type { Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

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
