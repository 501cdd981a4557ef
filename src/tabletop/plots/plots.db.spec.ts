import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openStory, type Story } from '../../../test/support/tabletop-story.js';
import { openTabletopWorld, type TabletopWorld } from '../../../test/support/tabletop-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';
import type { MilestoneChangeDto } from './plot-beats.dto.js';
import { toHookDto, toMilestoneDto } from './plots.mapper.js';

// Threads of a story under the policies of a real database: what they wait for, what masters foreshadow, and what players hear of it.

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

async function aStory() {
  const { master, campaignId } = await world.aCampaign();
  const player = await world.aSeat(campaignId, 'player');
  const plot = async (name: string, visibility: 'gm' | 'party' = 'party', details = {}): Promise<string> =>
    (await story.plots.create(master, campaignId, { name, visibility, details }, undefined)).body.id;
  const session = async (number: number, details = {}): Promise<string> =>
    (
      await story.sessions.create(
        master,
        campaignId,
        { visibility: 'party', details: { number, ...details } },
        undefined,
      )
    ).body.id;
  const wait = (from: string, on: string) => story.plots.addDependency(master, from, on, undefined);
  const hook = (plotId: string, wish: object) =>
    story.beats.create(master, plotId, 'hook', { title: 'A hook', ...wish }, undefined, toHookDto);
  return { master, player, campaignId, plot, session, wait, hook };
}

describe('threads that wait for each other', () => {
  it('never wait in a circle, over whatever others, deleted ones too, nor by two wishes at once', async () => {
    const { master, plot, wait } = await aStory();
    const [a, b, c] = [await plot('A'), await plot('B'), await plot('C')];
    await wait(a, b);
    await wait(b, c);
    await expect(wait(a, a)).rejects.toEqual(code('plotCircle'));
    await expect(wait(c, a)).rejects.toEqual(code('plotCircle'));
    await story.plots.remove(master, b, undefined);
    await expect(wait(c, a)).rejects.toEqual(code('plotCircle'));
    const [d, e] = [await plot('D'), await plot('E')];
    const both = await Promise.allSettled([wait(d, e), wait(e, d)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('are told to those who see both', async () => {
    const { master, player, plot, wait } = await aStory();
    const [shown, other, hidden] = [await plot('Shown'), await plot('Other'), await plot('Betrayal', 'gm')];
    await wait(shown, other);
    const { body } = await wait(shown, hidden);
    const names = async (who: Principal) =>
      (await story.plots.dependencies(who, shown)).items.map(({ name }) => name);
    expect(await names(master)).toEqual(['Betrayal', 'Other']);
    expect(await names(player)).toEqual(['Other']);
    await expect(story.plots.addDependency(player, shown, other, undefined)).rejects.toEqual(
      code('roleTooLow'),
    );
    await expect(story.plots.removeDependency(master, other, body.id)).rejects.toEqual(code('unknownLink'));
    await story.plots.removeDependency(master, shown, body.id);
    expect(await names(master)).toEqual(['Other']);
  });

  it('move on in sessions, each told once', async () => {
    const { master, player, campaignId, plot, session } = await aStory();
    const [id, first] = [await plot('The bell'), await session(1)];
    const moved = await story.plots.progress(master, id, undefined, {
      status: 'active',
      progressPct: 40,
      sessionId: first,
      note: 'It rang',
    });
    expect(moved.details).toEqual({ status: 'active', progressPct: 40 });
    await story.plots.progress(master, id, moved.version, { sessionId: first, note: 'It rang twice' });
    expect((await story.appearances.list(player, 'session', first, { limit: 10 })).items).toMatchObject([
      { object: { id, kind: 'plot' }, note: 'It rang twice' },
    ]);
    await expect(story.plots.progress(player, id, undefined, { progressPct: 50 })).rejects.toEqual(
      code('roleTooLow'),
    );
    await expect(story.plots.progress(master, id, 1, { progressPct: 50 })).rejects.toEqual(code('stale'));
    await expect(story.plots.progress(master, id, undefined, { sessionId: randomUUID() })).rejects.toEqual(
      code('unknownObject'),
    );
    expect((await story.plots.list(player, campaignId, { limit: 5, name: 'the b' })).items).toHaveLength(1);
  });
});

describe('milestones and hooks', () => {
  it('are the masters’ own but for milestones that are the party’s, with their thread alone', async () => {
    const { master, player, plot, hook } = await aStory();
    const [id, secret] = [await plot('Shown'), await plot('Hidden', 'gm')];
    const milestone = (plotId: string, wish: MilestoneChangeDto & { title: string }) =>
      story.beats.create(master, plotId, 'milestone', wish, undefined, toMilestoneDto);
    await milestone(id, { title: 'The gate opens', visibility: 'party' });
    const { body: hidden } = await milestone(id, { title: 'The king dies' });
    await milestone(secret, { title: 'Nobody knows', visibility: 'party' });
    await hook(id, { title: 'A limping raven' });
    const titles = async (who: Principal, plotId = id) =>
      (await story.beats.list(who, plotId, 'milestone', { limit: 10 }, toMilestoneDto)).items.map(
        ({ title }) => title,
      );
    expect(await titles(master)).toEqual(['The gate opens', 'The king dies']);
    expect(await titles(player)).toEqual(['The gate opens']);
    await expect(titles(player, secret)).rejects.toEqual(code('unknownObject'));
    await expect(story.beats.list(player, id, 'hook', { limit: 10 }, toHookDto)).rejects.toEqual(
      code('roleTooLow'),
    );
    const change = (who: Principal, beat: string) =>
      story.beats.change(who, id, 'milestone', beat, undefined, { isDone: true }, toMilestoneDto);
    await expect(change(player, hidden.id)).rejects.toEqual(code('unknownBeat'));
    await expect(change(master, randomUUID())).rejects.toEqual(code('unknownBeat'));
    expect(await change(master, hidden.id)).toMatchObject({ isDone: true, version: 2 });
    const rows = await units.app.run(player, (tx) =>
      tx.query<{ title: string }>({
        name: 'test.beats',
        text: 'SELECT title FROM tabletop.plot_beat',
        values: [],
      }),
    );
    expect(rows).toEqual([{ title: 'The gate opens' }]);
  });

  it('keep what is said of them, and name nothing that is not there', async () => {
    const { master, plot, session, hook } = await aStory();
    const [id, first] = [await plot('A'), await session(1)];
    const { body } = await hook(id, { plantedIn: first, dueSession: 4, note: 'feathers' });
    expect(body).toMatchObject({ plantedIn: first, dueSession: 4, isDone: false });
    await expect(hook(id, { plantedIn: id })).rejects.toEqual(code('unknownObject'));
    await expect(hook(id, { discoveredBy: [first] })).rejects.toEqual(code('unknownObject'));
    const change = (wish: object, seen?: number) =>
      story.beats.change(master, id, 'hook', body.id, seen, wish, toHookDto);
    expect(await change({ isDone: true, doneIn: first, doneDay: 7 })).toMatchObject({
      doneIn: first,
      doneDay: 7,
    });
    expect(await change({ isDone: false })).toMatchObject({ doneIn: null, doneDay: null, plantedIn: first });
    await expect(change({ note: '' }, 1)).rejects.toEqual(code('stale'));
    await story.beats.remove(master, id, 'hook', body.id, 3);
    await expect(change({ note: '' })).rejects.toEqual(code('unknownBeat'));
  });
});

describe('what is changed', () => {
  it('keeps the sessions of a beat that are deleted for now, unless it names others', async () => {
    const { master, plot, session, hook } = await aStory();
    const [id, first, second] = [await plot('A'), await session(1), await session(2)];
    const { body } = await hook(id, { plantedIn: first, isDone: true, doneIn: first });
    const change = (wish: object) =>
      story.beats.change(master, id, 'hook', body.id, undefined, wish, toHookDto);
    await story.sessions.remove(master, first, undefined);
    expect(await change({ title: 'Other' })).toMatchObject({ plantedIn: null, doneIn: null });
    await world.objectViews.restore(master, first);
    expect(await change({ note: 'n' })).toMatchObject({ plantedIn: first, doneIn: first, title: 'Other' });
    expect(await change({ plantedIn: second })).toMatchObject({ plantedIn: second, doneIn: first });
    expect(await change({ plantedIn: null, isDone: false })).toMatchObject({ plantedIn: null, doneIn: null });
  });

  it('keeps what a generator has put beside', async () => {
    const { master, campaignId } = await aStory();
    const details = { status: 'planned', twist: 'The mayor did it' };
    const { id } = await world.anObject(master, campaignId, { kind: 'plot', details });
    await story.plots.change(master, id, undefined, { details: { status: 'active' } });
    await story.plots.progress(master, id, undefined, { progressPct: 5 });
    const { object } = await units.app.run(master, (tx) => world.reader.find(tx, master, ['plot'], id));
    expect(object.details).toEqual({ status: 'active', progressPct: 5, twist: 'The mayor did it' });
  });

  it('has no scripts in what others read', async () => {
    const { master, campaignId, plot, hook } = await aStory();
    const [dirty, clean] = ['*It* <b>rang</b><img src=x onerror=alert(1)>', '*It* <b>rang</b>'];
    const id = await plot('A');
    expect((await hook(id, { note: dirty })).body.note).toBe(clean);
    const details = { scenes: [{ title: 'One', text: dirty }] };
    const { body } = await story.sessions.create(master, campaignId, { details }, undefined);
    expect(body.details.scenes).toEqual([{ title: 'One', text: clean }]);
    const changed = await story.sessions.change(master, body.id, undefined, { details });
    expect(changed.details.scenes).toEqual([{ title: 'One', text: clean }]);
    await story.plots.progress(master, id, undefined, { sessionId: body.id, note: dirty });
    const appeared = await story.appearances.list(master, 'session', body.id, { limit: 5 });
    expect(appeared.items.map(({ note }) => note)).toEqual([clean]);
  });
});

describe('reminders', () => {
  it('tell masters of hooks, pay-offs, threads and events, and players of nothing hidden', async () => {
    const { master, player, campaignId, plot, session, hook } = await aStory();
    const first = await session(1, { day: 100 });
    await session(6, { day: 120, endDay: 125 });
    const [quiet, secret] = [
      await plot('The quiet thread', 'party', { status: 'active' }),
      await plot('The secret thread', 'gm', { status: 'active' }),
    ];
    await hook(quiet, { title: 'A limping raven', plantedIn: first });
    await hook(secret, { title: 'The cup', plantedIn: first, dueSession: 7 });
    const event = (name: string, visibility: 'gm' | 'party', day: number) =>
      story.events.create(master, campaignId, { name, visibility, details: { day } }, undefined);
    await event('The fair', 'party', 127);
    await event('The murder', 'gm', 124);
    await event('Next year', 'party', 400);
    const told = await story.reminders.list(master, campaignId, {});
    expect(told).toMatchObject({ sessionNumber: 6, day: 125 });
    expect(told.items.map(({ kind, title }) => `${kind}: ${title}`).sort()).toEqual([
      'event-due: The fair',
      'event-due: The murder',
      'pay-off-due: The cup',
      'thread-quiet: The quiet thread',
      'thread-quiet: The secret thread',
      'unresolved-hook: A limping raven',
    ]);
    const seen = await story.reminders.list(player, campaignId, {});
    expect(seen.items.map(({ title }) => title).sort()).toEqual(['The fair', 'The quiet thread']);
    expect((await story.reminders.list(master, campaignId, { sessionNumber: 0 })).sessionNumber).toBe(0);
  });
});
