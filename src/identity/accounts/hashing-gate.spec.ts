import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HashingGate } from './hashing-gate.js';

const full = (): Error => new Error('full');

describe('the gate before hashing', () => {
  it('never runs more than its width, serves in order, and refuses what its queue does not hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 5 }),
        fc.array(fc.boolean(), { maxLength: 20 }),
        async (width, depth, fates) => {
          const gate = new HashingGate(width, depth);
          let running = 0;
          let most = 0;
          const started: number[] = [];
          const work = fates.map((isGood, index) =>
            gate
              .run(async () => {
                started.push(index);
                running += 1;
                most = Math.max(most, running);
                await new Promise((resolve) => setImmediate(resolve));
                running -= 1;
                if (!isGood) throw new Error('bad');
              }, full)
              .then(
                () => 'good',
                (error: Error) => error.message,
              ),
          );
          const outcomes = await Promise.all(work);
          const served = fates.slice(0, width + depth);
          expect(outcomes).toEqual(
            fates.map((isGood, index) => (index >= served.length ? 'full' : isGood ? 'good' : 'bad')),
          );
          expect(started).toEqual(served.map((_, index) => index));
          expect(most).toBe(Math.min(width, fates.length));
          await expect(gate.run(async () => 'again', full)).resolves.toBe('again');
        },
      ),
    );
  });
});
