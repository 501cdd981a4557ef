import { describe, expect, it } from '@jest/globals';
import { LiveRival } from './live-rival.js';
import { type FieldPosition, RaceField } from './race-field.js';

const at = (
  who: number,
  clock: number,
  along: number,
  state: FieldPosition['state'] = 'racing',
): FieldPosition => ({
  who,
  state,
  along,
  clock,
  at: 1_700_000_000_000 + clock * 1_000,
});
const mine = (seconds: number): LiveRival => {
  const way = new LiveRival();
  for (let second = 1; second <= seconds; second += 1) way.advance(second * 1_000, second * 3);
  return way;
};

describe('the field of a race', () => {
  it('says of everybody but oneself how far ahead they are, and whether that is news', () => {
    const field = new RaceField<FieldPosition>();
    field.note(at(1, 60, 180), 60_000);
    field.note(at(2, 50, 200), 50_000);
    field.note(at(3, 60, 250), 60_000);
    field.note({ ...at(4, 0, 0), state: 'waiting', along: null, clock: null }, 60_000);
    expect(field.rivalsOf(1, mine(60), 60_000)).toMatchObject([
      { who: 2, state: 'racing', gap: { gapM: 50 }, isStale: false },
      { who: 3, gap: { gapM: 70 }, isStale: false },
    ]);
    const later = field.rivalsOf(1, mine(66), 66_000);
    expect(later.map(({ who, isStale }) => [who, isStale])).toEqual([
      [2, true],
      [3, false],
    ]);
    expect(later[0]!.gap.gapM).toBe(50); // the last one that is known
    field.note(at(3, 61, 251, 'finished'), 61_000);
    expect(field.rivalsOf(1, mine(90), 90_000)[1]).toMatchObject({
      who: 3,
      state: 'finished',
      isStale: false,
    });
  });

  it('takes what is told of a runner of this process for no news', () => {
    const field = new RaceField<FieldPosition>();
    field.note(at(2, 60, 180), 60_000);
    field.note(at(2, 58, 174), 60_200);
    expect(field.positions).toEqual([at(2, 60, 180)]);
    field.note(at(2, 58, 174), 63_000); // its clock was put back
    expect(field.positions).toEqual([at(2, 58, 174)]);
  });

  it('goes on from a way that is stored with what was heard meanwhile', () => {
    const field = new RaceField<FieldPosition>();
    field.note(at(2, 100, 400), 100_000);
    expect(field.rivalsOf(1, mine(80), 100_000)).toEqual([]); // nobody here saw where they were then
    const way = new LiveRival();
    for (let second = 1; second <= 90; second += 1) way.advance(second * 1_000, second * 4);
    field.begin(2, way);
    expect(field.rivalsOf(1, mine(80), 100_000)[0]!.gap.gapM).toBe(80);
    expect(field.rivalsOf(1, mine(100), 100_000)[0]!.gap.gapM).toBe(100);
  });
});
