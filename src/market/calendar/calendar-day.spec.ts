import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { daysOf, judgeDays } from './calendar-day.js';

const native = { date: '2026-11-28', tribute: { externalId: 303, quantity: 5 } };
const doduapi = {
  date: '2026-11-29',
  bonus: { description: 'More ash.', type: { id: 'more-ash', name: 'More ash' } },
  tribute: { item: { ankama_id: 460, name: 'Bois de Chêne', image_urls: { icon: 'x' } }, quantity: 2 },
  reward_kamas: 12_000,
  xp_ratio: 1.5,
  extra: true,
};

describe('days of a calendar', () => {
  it('are read in our words', () => {
    expect(
      judgeDays([
        native,
        {
          ...native,
          date: '2026-12-01',
          bonusType: ' loot ',
          bonus: 'b',
          rewardKamas: 0,
          xpRatio: 2,
          tribute: { name: 'Truc', quantity: 1 },
        },
      ]),
    ).toEqual({
      days: [
        {
          date: '2026-11-28',
          externalId: 303,
          name: null,
          quantity: 5,
          bonusType: null,
          bonus: null,
          rewardKamas: null,
          xpRatio: null,
        },
        {
          date: '2026-12-01',
          externalId: null,
          name: 'Truc',
          quantity: 1,
          bonusType: 'loot',
          bonus: 'b',
          rewardKamas: 0,
          xpRatio: 2,
        },
      ],
      faults: [],
    });
  });

  it('are read as doduapi writes them, with what it leaves out', () => {
    const bare = {
      date: '2026-11-30T00:00:00Z',
      tribute: { item: { ankama_id: 1 }, quantity: 1 },
      bonus: { type: 'x' },
    };
    expect(judgeDays([doduapi, bare]).days).toEqual([
      {
        date: '2026-11-29',
        externalId: 460,
        name: 'Bois de Chêne',
        quantity: 2,
        bonusType: 'More ash',
        bonus: 'More ash.',
        rewardKamas: 12_000,
        xpRatio: 1.5,
      },
      {
        date: '2026-11-30',
        externalId: 1,
        name: null,
        quantity: 1,
        bonusType: 'x',
        bonus: null,
        rewardKamas: null,
        xpRatio: null,
      },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['a date that there is not', { ...native, date: '2026-02-30' }, '/1/date'],
    ['a date far away', { ...native, date: '1999-12-31' }, '/1/date'],
    ['no item', { ...native, tribute: { quantity: 1 } }, '/1/tribute/externalId'],
    ['no quantity', { ...native, tribute: { externalId: 303 } }, '/1/tribute/quantity'],
    ['a quantity of 0', { ...native, tribute: { externalId: 303, quantity: 0 } }, '/1/tribute/quantity'],
    ['an unknown key', { ...native, bonsu: 'x' }, '/1/bonsu'],
    ['a date that was there', native, '/1/date'],
    ['a reward below 0', { ...doduapi, reward_kamas: -1 }, '/1/reward_kamas'],
    [
      'no game id',
      { ...doduapi, tribute: { item: { name: 'x' }, quantity: 1 } },
      '/1/tribute/item/ankama_id',
    ],
    ['NUL', { ...native, bonus: 'a\0' }, '/1/bonus'],
    ['nothing', null, '/1'],
    ['a text', 'Monday', '/1'],
  ])('refuse %s, and keep the others', (_what, element, pointer) => {
    const judged = judgeDays([native, element]);
    expect(judged.days).toHaveLength(1);
    expect(judged.faults.map((fault) => fault.pointer)).toEqual([pointer]);
  });

  it('are each taken or refused, whatever comes', () => {
    const some = fc.oneof(
      fc.anything(),
      fc.record({ date: fc.constantFrom('2026-01-01', 'x'), tribute: fc.anything() }),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(some, fc.constant(native), fc.constant(doduapi))), (elements) => {
        const { days, faults } = judgeDays(elements);
        expect(days.length + faults.length).toBe(elements.length);
        expect(new Set(days.map(({ date }) => date)).size).toBe(days.length);
      }),
    );
  });

  it('stand in a list, or in an object that holds it', () => {
    expect(daysOf([1])).toEqual([1]);
    expect(daysOf({ days: [1], source: 'x' })).toEqual([1]);
    for (const content of [null, 5, {}, { days: 5 }, 'x']) expect(daysOf(content)).toBeNull();
  });
});
