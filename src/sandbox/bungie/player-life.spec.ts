import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { completeCatalysts, inventCatalysts } from './catalyst-set.js';
import { type CatalystLife, PlayerLife } from './player-life.js';

const DAY_MS = 86_400_000;
const BORN = Date.parse('2026-01-01T00:00:00Z');
const catalysts = completeCatalysts(inventCatalysts());
const born = (seed: number, more: object = {}): PlayerLife =>
  new PlayerLife({ seed, catalysts, bornMs: BORN, ...more });

/** All that can be seen of a life. */
const seen = ({ catalysts: lives, minutesPlayed, lastPlayedMs, focus }: PlayerLife) => ({
  lives: lives.map(({ stage, progress, foundAtMs, completedAtMs }) => ({
    stage,
    progress,
    foundAtMs,
    completedAtMs,
  })),
  minutesPlayed,
  lastPlayedMs,
  focus: focus?.catalyst.recordHash,
});
const sum = ({ progress }: CatalystLife): number => progress.reduce((all, one) => all + one, 0);

describe('the life of a made-up player', () => {
  it('follows from seed and time alone, however time is stepped', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.integer({ min: 0, max: 20 * DAY_MS }), { maxLength: 10 }),
        (seed, steps) => {
          const stepped = born(seed);
          let nowMs = BORN;
          for (const step of steps) stepped.advanceTo((nowMs += step));
          const leapt = born(seed);
          leapt.advanceTo(nowMs);
          expect(seen(stepped)).toEqual(seen(leapt));
          expect(seen(stepped.at(nowMs))).toEqual(seen(leapt));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('never loses progress, minutes or a find, and completes only what is full', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 30 }), (seed, days) => {
        const life = born(seed);
        let before = seen(life);
        for (let step = 1; step <= 8; step += 1) {
          life.advanceTo(BORN + step * days * DAY_MS);
          const now = seen(life);
          expect(now.minutesPlayed).toBeGreaterThanOrEqual(before.minutesPlayed);
          expect(now.lastPlayedMs).toBeGreaterThanOrEqual(before.lastPlayedMs);
          life.catalysts.forEach((one, index) => {
            const was = before.lives[index]!;
            one.progress.forEach((done, at) => expect(done).toBeGreaterThanOrEqual(was.progress[at]!));
            const isFull = one.catalyst.objectives.every(({ target }, at) => one.progress[at]! >= target);
            expect(isFull).toBe(one.stage === 'complete' || one.stage === 'redeemed');
            if (isFull) expect(one.completedAtMs! >= one.foundAtMs!).toBe(true);
            if (one.stage === 'not-found') expect(sum(one)).toBe(0);
          });
          before = now;
        }
      }),
      { numRuns: 10 },
    );
  });

  it('has one exotic weapon in use: in five minutes one catalyst grows at most', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const life = born(seed, { diligence: 1 });
        for (let nowMs = BORN; nowMs < BORN + 5 * DAY_MS; nowMs += 300_000) {
          const before = life.catalysts.map(sum);
          const minutes = life.minutesPlayed;
          life.advanceTo(nowMs);
          const grown = life.catalysts.filter((one, index) => sum(one) > before[index]!);
          expect(grown.length).toBeLessThanOrEqual(1);
          if (grown.length > 0) expect(life.minutesPlayed).toBe(minutes + 5);
        }
      }),
      { numRuns: 5 },
    );
  });

  it('finds and completes within months, each at about the hours that it needs', () => {
    const ratios: number[] = [];
    for (let seed = 1; seed <= 40; seed += 1) {
      const life = born(seed, { diligence: 1 });
      const played = new Map<CatalystLife, number>();
      for (let nowMs = BORN; nowMs < BORN + 40 * DAY_MS; nowMs += 300_000) {
        const open = new Set(
          life.catalysts.filter(({ stage }) => stage !== 'complete' && stage !== 'redeemed'),
        );
        const minutes = life.minutesPlayed;
        life.advanceTo(nowMs);
        const { focus } = life;
        if (focus !== undefined && open.has(focus) && life.minutesPlayed > minutes)
          played.set(focus, (played.get(focus) ?? 0) + 5);
      }
      for (const one of life.catalysts) {
        const isWhole = one.foundAtMs! > BORN && one.completedAtMs !== null;
        const isSingle = one.catalyst.objectives.filter(({ target }) => target > 2).length === 1;
        if (isWhole && isSingle) ratios.push(played.get(one)! / 60 / one.hoursNeeded);
      }
    }
    expect(ratios.length).toBeGreaterThan(60);
    const mean = ratios.reduce((all, one) => all + one, 0) / ratios.length;
    expect(mean).toBeGreaterThan(0.9);
    expect(mean).toBeLessThan(1.3);
    expect(new Set(ratios.map((ratio) => ratio.toFixed(3))).size).toBeGreaterThan(40);
  });

  it('stands still for an idle player', () => {
    const life = born(7, { isIdle: true });
    const before = seen(life);
    life.advanceTo(BORN + 900 * DAY_MS);
    expect(seen(life)).toEqual(before);
  });
});
