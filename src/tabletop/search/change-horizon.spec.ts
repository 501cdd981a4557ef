import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChangeHorizon } from './change-horizon.js';

/** Transactions that take a number each when they begin and become visible when they end, in any order, and a follower in between. */
const steps = fc.array(
  fc.oneof(
    fc.constant('begin' as const),
    fc.constant('read' as const),
    fc.nat(7).map((place) => ({ end: place })),
  ),
  { maxLength: 80 },
);

describe('who follows changes by their numbers', () => {
  it('misses none, in whichever order their transactions end', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const open: number[] = [];
        const visible: number[] = [];
        let next = 1;
        const horizon = new ChangeHorizon(0n);
        const seen = new Set<number>();
        const read = (): void => {
          const rows = visible.filter((number) => BigInt(number) > horizon.after);
          for (const row of rows) seen.add(row);
          const moment = { oldestOpen: BigInt(Math.min(next, ...open)), nextToBegin: BigInt(next) };
          horizon.read(moment, rows.length === 0 ? null : BigInt(Math.max(...rows)));
        };
        for (const step of all) {
          if (step === 'begin') open.push(next++);
          else if (step === 'read') read();
          else if (open.length > 0) visible.push(...open.splice(step.end % open.length, 1));
        }
        visible.push(...open.splice(0));
        read();
        expect([...seen].sort((a, b) => a - b)).toEqual(visible.toSorted((a, b) => a - b));
      }),
    );
  });

  it('does not read for ever what it has read', () => {
    const horizon = new ChangeHorizon(0n);
    horizon.read({ oldestOpen: 8n, nextToBegin: 10n }, 5n);
    expect(horizon.after).toBe(0n);
    horizon.read({ oldestOpen: 10n, nextToBegin: 12n }, 5n);
    expect(horizon.after).toBe(5n);
  });
});
