import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inOrder, standingAt, type StandingEvent, standingNow } from './relationship-timeline.js';

const events: fc.Arbitrary<StandingEvent[]> = fc.uniqueArray(
  fc.record({
    id: fc.uuid(),
    happenedAt: fc.integer({ min: 0, max: 5 }).map((day) => new Date(Date.UTC(1492, 0, 1 + day))),
    type: fc.constantFrom('rival', 'friend', 'spouse'),
    strength: fc.option(fc.integer({ min: -100, max: 100 })),
  }),
  { maxLength: 8, selector: ({ id }) => id },
);
const moment = fc.integer({ min: -1, max: 6 }).map((day) => new Date(Date.UTC(1492, 0, 1 + day)));

describe('a relation over time', () => {
  it('stands as the last event before says, in whatever order events were told', () => {
    fc.assert(
      fc.property(events, moment, (told, at) => {
        let last: StandingEvent | null = null;
        for (const event of told)
          if (
            event.happenedAt <= at &&
            (last === null ||
              event.happenedAt > last.happenedAt ||
              (+event.happenedAt === +last.happenedAt && event.id > last.id))
          )
            last = event;
        const expected = last === null ? null : { type: last.type, strength: last.strength };
        expect(standingAt(told, at)).toEqual(expected);
        expect(standingAt(told.toReversed(), at)).toEqual(expected);
      }),
    );
  });

  it('stands now as it does after its newest event, and began with its first', () => {
    fc.assert(
      fc.property(events, (told) => {
        const sorted = inOrder(told);
        expect(standingNow(told)).toEqual(standingAt(told, new Date(Date.UTC(1493, 0, 1))));
        if (sorted[0] === undefined) expect(standingNow(told)).toBeNull();
        else expect(standingAt(told, new Date(+sorted[0].happenedAt - 1))).toBeNull();
      }),
    );
  });
});
