import { describe, expect, it } from '@jest/globals';
import { runInTurns } from './in-turns.js';

/** Takes so long as a turn may last, so often. */
function* busy(portions: number, onPortion: (portion: number) => void): Generator<void, string> {
  for (let portion = 0; portion < portions; portion += 1) {
    onPortion(portion);
    for (const untilMs = performance.now() + 15; performance.now() < untilMs;);
    yield;
  }
  return 'done';
}

describe('work in turns', () => {
  it('lets others go on between its portions, and gives what it comes to', async () => {
    const seen: string[] = [];
    const others = setInterval(() => seen.push('others'), 0);
    const result = await runInTurns(busy(5, (portion) => seen.push(`portion ${portion}`)));
    clearInterval(others);
    expect(result).toBe('done');
    expect(seen.slice(0, seen.indexOf('portion 4'))).toContain('others');
  });

  it('ends at the next turn after it was told to', async () => {
    const ending = new AbortController();
    const reason = new Error('cancelled');
    let last = -1;
    const work = busy(100, (portion) => {
      last = portion;
      if (portion === 3) ending.abort(reason);
    });
    await expect(runInTurns(work, ending.signal)).rejects.toBe(reason);
    expect(last).toBe(3);
  });
});
