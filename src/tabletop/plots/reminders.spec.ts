import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PLOT_STATUSES } from './plot-dependencies.js';
import { QUIET_SESSIONS, remind, type Story, type StoryHook } from './reminders.js';

const NUMBER = fc.option(fc.integer({ min: 0, max: 12 }));
const ID = fc.uuid();
const STORY: fc.Arbitrary<Story> = fc.record({
  hooks: fc.array(
    fc.record({
      id: ID,
      plotId: ID,
      dueSessionNumber: NUMBER,
      dueDay: NUMBER,
      plantedSessionNumber: NUMBER,
      isDiscovered: fc.boolean(),
      isPaidOff: fc.boolean(),
    }),
    { maxLength: 5 },
  ),
  milestones: fc.array(
    fc.record({ id: ID, plotId: ID, dueSessionNumber: NUMBER, dueDay: NUMBER, isReached: fc.boolean() }),
    { maxLength: 5 },
  ),
  threads: fc.array(
    fc.record({
      id: ID,
      status: fc.constantFrom(...PLOT_STATUSES),
      lastSessionNumber: NUMBER,
      openPrerequisites: NUMBER,
    }),
    { maxLength: 5 },
  ),
  events: fc.array(fc.record({ id: ID, day: fc.integer({ min: -5, max: 30 }), isOver: fc.boolean() }), {
    maxLength: 5,
  }),
});
const NOW = fc.record({ sessionNumber: fc.integer({ min: 0, max: 12 }), day: NUMBER });

const hook = (change: Partial<StoryHook>): StoryHook => ({
  id: 'hook',
  plotId: 'plot',
  dueSessionNumber: null,
  dueDay: null,
  plantedSessionNumber: 1,
  isDiscovered: false,
  isPaidOff: false,
  ...change,
});
const ofHook = (change: Partial<StoryHook>, sessionNumber: number, day: number | null = null) =>
  remind({ hooks: [hook(change)], milestones: [], threads: [], events: [] }, { sessionNumber, day })[0];

describe('reminders', () => {
  it('name each thing once at most, nothing that is done, and nothing that waits for a plan', () => {
    fc.assert(
      fc.property(STORY, NOW, (story, now) => {
        const ids = remind(story, now).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        const done = [
          ...story.hooks.filter(
            ({ isPaidOff, plantedSessionNumber }) => isPaidOff || plantedSessionNumber === null,
          ),
          ...story.milestones.filter(({ isReached }) => isReached),
          ...story.events.filter(({ isOver }) => isOver),
          ...story.threads.filter(({ status }) => !['active', 'planned'].includes(status)),
        ];
        for (const { id } of done) expect(ids).not.toContain(id);
      }),
    );
  });

  it('stay once they are there, as sessions pass and nobody does anything', () => {
    fc.assert(
      fc.property(STORY, NOW, (story, now) => {
        const later = remind(story, { ...now, sessionNumber: now.sessionNumber + 1 }).map(({ id }) => id);
        for (const { id } of remind(story, now)) expect(later).toContain(id);
      }),
    );
  });

  it('come in the same order, whatever order the story is told in, the most overdue first', () => {
    fc.assert(
      fc.property(STORY, NOW, (story, now) => {
        const list = remind(story, now);
        const turned: Story = {
          hooks: story.hooks.toReversed(),
          milestones: story.milestones.toReversed(),
          threads: story.threads.toReversed(),
          events: story.events.toReversed(),
        };
        expect(remind(turned, now)).toEqual(list);
        const sessions = list.map(({ overdueSessions }) => overdueSessions);
        expect(sessions).toEqual(sessions.toSorted((one, other) => other - one));
      }),
    );
  });

  it('tell a hook without a plan after some sessions, one that was found after one', () => {
    expect(ofHook({}, QUIET_SESSIONS)).toBeUndefined();
    expect(ofHook({}, QUIET_SESSIONS + 1)).toMatchObject({ kind: 'unresolved-hook', overdueSessions: 0 });
    expect(ofHook({ isDiscovered: true }, 1)).toBeUndefined();
    expect(ofHook({ isDiscovered: true }, 3)).toMatchObject({ kind: 'call-back', overdueSessions: 1 });
  });

  it('tell a pay-off for the next session, or on its day', () => {
    expect(ofHook({ dueSessionNumber: 9 }, 7)).toBeUndefined();
    expect(ofHook({ dueSessionNumber: 9 }, 8)).toMatchObject({ kind: 'pay-off-due', overdueSessions: 0 });
    expect(ofHook({ dueSessionNumber: 9 }, 10)).toMatchObject({ overdueSessions: 2, overdueDays: null });
    expect(ofHook({ dueDay: 40 }, 8, 39)).toBeUndefined();
    expect(ofHook({ dueDay: 40 }, 8, 42)).toMatchObject({ kind: 'pay-off-due', overdueDays: 2 });
    expect(ofHook({ dueDay: 40, plantedSessionNumber: null }, 8, 42)).toBeUndefined();
  });
});
