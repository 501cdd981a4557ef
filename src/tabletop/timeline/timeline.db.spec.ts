import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStory, type Story } from '../../../test/support/tabletop-story.js';
import { openTabletopWorld, type TabletopWorld } from '../../../test/support/tabletop-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { toHookDto, toMilestoneDto } from '../plots/plots.mapper.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';
import { GREGORIAN } from './game-calendar.js';
import type { TimelineQueryDto } from './timeline.dto.js';

// What happened when, in a world of which half is hidden, on a real database.

let units: TestUnits;
let world: TabletopWorld;
let story: Story;

beforeAll(async () => {
  units = await openUnits();
  world = openTabletopWorld(units);
  story = openStory(units, world);
});

afterAll(() => units.close());

const code = (name: keyof typeof TABLETOP_ERROR) => expect.objectContaining({ code: TABLETOP_ERROR[name] });

/** A campaign in which something of every kind has happened, half of it hidden. */
async function aHistory() {
  const { master, campaignId } = await world.aCampaign();
  const player = await world.aSeat(campaignId, 'player');
  const shown = { visibility: 'party' as const };
  const make = {
    session: async (number: number, wish: object, details: object) =>
      (
        await story.sessions.create(
          master,
          campaignId,
          { ...wish, details: { number, ...details } },
          undefined,
        )
      ).body.id,
    event: async (name: string, wish: object, details: object) =>
      (await story.events.create(master, campaignId, { name, ...wish, details }, undefined)).body.id,
    plot: async (name: string, wish: object) =>
      (await story.plots.create(master, campaignId, { name, ...wish }, undefined)).body.id,
    place: async (name: string, wish: object) =>
      (await story.locations.create(master, campaignId, { name, ...wish }, undefined)).body.id,
  };
  const [inn, lair] = [await make.place('Inn', shown), await make.place('Lair', {})];
  const first = await make.session(1, shown, { day: 10, heldOn: '2026-01-05' });
  const second = await make.session(2, {}, { day: 20, heldOn: '2026-01-12' });
  const fair = await make.event('The fair', { ...shown, parentId: inn }, { day: 12, endDay: 15 });
  await make.event('The murder', { parentId: inn }, { day: 13 });
  await make.event('The rite', { ...shown, parentId: lair }, { day: 14 });
  const bell = await make.plot('The bell', shown);
  const beat = (kind: 'milestone' | 'hook', wish: { title: string; [key: string]: unknown }) =>
    story.beats.create<object>(
      master,
      bell,
      kind,
      wish,
      undefined,
      kind === 'hook' ? toHookDto : toMilestoneDto,
    );
  await beat('milestone', { title: 'It rang', isDone: true, doneIn: first, ...shown });
  await beat('milestone', { title: 'It broke', isDone: true, doneIn: second });
  await beat('hook', { title: 'A raven', plantedIn: first, isDone: true, doneDay: 30 });
  const hero = await world.anObject(master, campaignId, { kind: 'character', name: 'Hero', ...shown });
  await story.ties.create(master, inn, 'visits', { objectId: hero.id, day: 11, ...shown }, undefined);
  await story.ties.create(master, lair, 'visits', { objectId: hero.id, day: 16, ...shown }, undefined);
  await story.appearances.create(master, 'session', first, { objectId: hero.id, ...shown }, undefined);
  return { master, player, campaignId, inn, lair, first, fair, bell, hero: hero.id };
}

const tell = async (who: Principal, campaignId: string, query: Partial<TimelineQueryDto> = {}) =>
  (await story.timeline.list(who, campaignId, { by: 'world', limit: 50, ...query })).items.map(
    ({ day, onDate, kind, title }) => `${query.by === 'real' ? onDate : day} ${kind} ${title}`,
  );

describe('a timeline', () => {
  it('tells everybody what they see, in the order of the world’s days', async () => {
    const { master, player, campaignId } = await aHistory();
    expect(await tell(master, campaignId)).toEqual([
      '10 milestone It rang',
      '10 planted A raven',
      '10 session Session 1',
      '11 visit Hero · Inn',
      '12 event The fair',
      '13 event The murder',
      '14 event The rite',
      '16 visit Hero · Lair',
      '20 milestone It broke',
      '20 session Session 2',
      '30 pay-off A raven',
    ]);
    expect(await tell(player, campaignId)).toEqual([
      '10 milestone It rang',
      '10 session Session 1',
      '11 visit Hero · Inn',
      '12 event The fair',
      '14 event The rite',
    ]);
  });

  it('goes by our days too, and by what, when, where and with whom', async () => {
    const { master, player, campaignId, inn, lair, bell, hero } = await aHistory();
    expect(await tell(player, campaignId, { by: 'real' })).toEqual([
      '2026-01-05 milestone It rang',
      '2026-01-05 session Session 1',
    ]);
    expect(
      await tell(master, campaignId, { by: 'real', fromDate: '2026-01-06', kinds: ['session'] }),
    ).toEqual(['2026-01-12 session Session 2']);
    expect(await tell(master, campaignId, { fromDay: 14, toDay: 16 })).toEqual([
      '12 event The fair',
      '14 event The rite',
      '16 visit Hero · Lair',
    ]);
    expect(await tell(player, campaignId, { locationId: inn })).toEqual([
      '11 visit Hero · Inn',
      '12 event The fair',
    ]);
    expect(await tell(player, campaignId, { plotId: bell })).toEqual(['10 milestone It rang']);
    expect(await tell(player, campaignId, { characterId: hero })).toEqual([
      '10 session Session 1',
      '11 visit Hero · Inn',
    ]);
    expect(await tell(player, campaignId, { characterId: hero, locationId: inn })).toEqual([
      '11 visit Hero · Inn',
    ]);
    await expect(tell(player, campaignId, { locationId: lair })).rejects.toEqual(code('unknownObject'));
  });

  it('comes in pages without a gap or a repetition', async () => {
    const { master, campaignId } = await aHistory();
    const paged: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await story.timeline.list(master, campaignId, {
        by: 'world',
        limit: 2,
        ...(cursor === undefined ? {} : { cursor }),
      });
      paged.push(...page.items.map(({ day, kind, title }) => `${day} ${kind} ${title}`));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(await tell(master, campaignId));
  });

  it('is taken along as somebody sees it, unless the masters want nothing taken along', async () => {
    const { master, player, campaignId } = await aHistory();
    for (const format of ['json', 'md', 'csv'] as const) {
      const all = await story.timeline.export(master, campaignId, { by: 'world', format });
      const seen = await story.timeline.export(player, campaignId, { by: 'world', format });
      for (const words of ['The murder', 'A raven', 'It broke', 'Lair']) {
        expect(all).toContain(words);
        expect(seen).not.toContain(words);
      }
      expect(seen).toContain('The fair');
    }
    await world.campaigns.change(master, campaignId, { hasExports: false }, undefined);
    await expect(story.timeline.export(player, campaignId, { by: 'world', format: 'md' })).rejects.toEqual(
      code('exportsOff'),
    );
  });

  it('ends for nothing that an import has written where a day should be', async () => {
    const { master, campaignId } = await world.aCampaign();
    for (const details of [
      { day: 'soon' },
      { day: 1e300 },
      { day: { a: 1 } },
      { heldOn: 7, day: 1.5 },
      { number: 'x' },
    ])
      await world.anObject(master, campaignId, { kind: 'session', details });
    await world.anObject(master, campaignId, { kind: 'event', details: { day: [], onDate: '0000-99-99' } });
    expect(await tell(master, campaignId)).toHaveLength(1);
    expect(await tell(master, campaignId, { by: 'real' })).toEqual([]);
    expect((await story.sessions.list(master, campaignId, { limit: 10 })).items).toHaveLength(5);
    expect((await story.reminders.list(master, campaignId, {})).sessionNumber).toBe(0);
  });
});

describe('events', () => {
  it('are listed by a place to those who see it', async () => {
    const { master, player, campaignId, inn, lair } = await aHistory();
    const list = async (who: Principal, locationId: string) =>
      (await story.events.list(who, campaignId, { locationId, limit: 10 })).items.map(({ name }) => name);
    expect(await list(player, inn)).toEqual(['The fair']);
    expect(await list(master, lair)).toEqual(['The rite']);
    await expect(list(player, lair)).rejects.toEqual(code('unknownObject'));
  });
});

describe('sessions', () => {
  it('have numbers of their own, also when two are written at once', async () => {
    const { master, campaignId } = await world.aCampaign();
    const create = (details?: object) =>
      story.sessions.create(master, campaignId, details === undefined ? {} : { details }, undefined);
    await Promise.all([create(), create(), create()]);
    const { items } = await story.sessions.list(master, campaignId, { limit: 10 });
    expect(items.map(({ details, name }) => `${details.number} ${name}`)).toEqual([
      '3 Session 3',
      '2 Session 2',
      '1 Session 1',
    ]);
    await expect(create({ number: 2 })).rejects.toEqual(code('sessionNumberTaken'));
    const change = story.sessions.change(master, items[0]!.id, undefined, { details: { number: 1 } });
    await expect(change).rejects.toEqual(code('sessionNumberTaken'));
    await expect(create({ day: 5, endDay: 4 })).rejects.toEqual(code('noSuchDay'));
    await expect(create({ endDay: 4 })).rejects.toEqual(code('noSuchDay'));
    const player = await world.aSeat(campaignId, 'player');
    await expect(story.sessions.create(player, campaignId, {}, undefined)).rejects.toEqual(
      code('roleTooLow'),
    );
  });
});

describe('the calendar of a campaign', () => {
  it('is the Gregorian one until masters give the world its own', async () => {
    const { master, campaignId } = await world.aCampaign();
    const player = await world.aSeat(campaignId, 'player');
    expect(await story.calendars.find(player, campaignId)).toMatchObject({
      isOwn: false,
      calendar: { name: 'Gregorian' },
    });
    const ask = (day: number) => story.calendars.day(player, campaignId, { day, month: 1, dayOfMonth: 1 });
    expect(await ask(738_000)).toMatchObject({ text: '29 July 2020' });
    const calendar = {
      ...GREGORIAN,
      name: 'Harptos',
      months: [
        { name: 'Hammer', days: 30, isOutsideWeeks: false },
        { name: 'Midwinter', days: 1, isOutsideWeeks: true },
      ],
      leapRules: [],
      weekdays: [],
      firstWeekday: 0,
      era: 'DR',
    };
    await expect(story.calendars.put(player, campaignId, calendar)).rejects.toEqual(code('roleTooLow'));
    const broken = { ...calendar, firstWeekday: 3 };
    await expect(story.calendars.put(master, campaignId, broken)).rejects.toEqual(code('invalidCalendar'));
    await story.calendars.put(master, campaignId, calendar);
    expect(await ask(61)).toEqual({
      day: 61,
      year: 1,
      month: 2,
      dayOfMonth: 1,
      weekday: null,
      text: 'Midwinter 1 DR',
    });
    const dated = { year: 1, month: 2, dayOfMonth: 1 };
    expect(await story.calendars.day(player, campaignId, dated)).toMatchObject({ day: 61 });
    await expect(story.calendars.day(player, campaignId, { ...dated, dayOfMonth: 2 })).rejects.toEqual(
      code('noSuchDay'),
    );
    await expect(ask(100_000_000_000)).rejects.toEqual(code('noSuchDay'));
  });
});
