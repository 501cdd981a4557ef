import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dueAt, type KindState } from './due-kinds.js';
import { statusOf } from './source-status.js';
import { watermarkAfter, windowOf } from './sync-window.js';
import { withoutSecrets } from './without-secrets.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TERMS = { overlapMs: HOUR_MS, lagMs: 60_000, aheadMs: 2 * DAY_MS, reachMs: 7 * DAY_MS };
const AT = Date.UTC(2026, 2, 10, 12);
const MIDNIGHT = Date.UTC(2026, 2, 10);
const SINCE = AT - 30 * DAY_MS;

describe('windowOf', () => {
  const given = { atMs: AT, sinceMs: SINCE, watermarkMs: null, asked: null };

  it('begins where the source does, then an overlap before the watermark', () => {
    expect(windowOf('incremental', TERMS, given)).toEqual({ fromMs: SINCE, toMs: AT + 2 * DAY_MS });
    expect(windowOf('incremental', TERMS, { ...given, watermarkMs: AT - 5_000 }).fromMs).toBe(
      AT - 5_000 - HOUR_MS,
    );
    expect(windowOf('incremental', TERMS, { ...given, watermarkMs: SINCE + 1 }).fromMs).toBe(SINCE);
  });

  it('reconciles whole days up to now, and verifies those that are over', () => {
    expect(windowOf('reconcile', TERMS, given)).toEqual({ fromMs: MIDNIGHT - 7 * DAY_MS, toMs: AT });
    expect(windowOf('verify', TERMS, given)).toEqual({ fromMs: MIDNIGHT - 7 * DAY_MS, toMs: MIDNIGHT });
    const justAfter = { ...given, atMs: MIDNIGHT + 30_000 };
    expect(windowOf('verify', TERMS, justAfter).toMs).toBe(MIDNIGHT - DAY_MS); // within the lag, yesterday is not final
  });

  it('reads what was asked for', () => {
    const asked = { fromMs: SINCE - DAY_MS, toMs: SINCE };
    expect(windowOf('backfill', TERMS, { ...given, asked })).toEqual(asked);
    expect(windowOf('backfill', TERMS, given)).toEqual({ fromMs: SINCE, toMs: AT });
  });
});

describe('watermarkAfter', () => {
  it('never goes back, never past what can be final, never past what was seen', () => {
    const instant = fc.integer({ min: AT - DAY_MS, max: AT + DAY_MS });
    fc.assert(
      fc.property(fc.option(instant), fc.option(instant), instant, (before, maxSeenMs, atMs) => {
        const after = watermarkAfter(before, { atMs, lagMs: 60_000, maxSeenMs });
        if (maxSeenMs === null) return expect(after).toBe(before);
        expect(after).toBeGreaterThanOrEqual(before ?? -Infinity);
        if (after !== before) expect(after).toBe(Math.min(atMs - 60_000, maxSeenMs));
      }),
    );
  });
});

describe('dueAt', () => {
  const terms = { intervalMs: 300_000, reconcileEveryMs: DAY_MS, verifyEveryMs: null };
  const never: KindState = { isActive: false, lastState: null, lastFinishedMs: null, firstSucceededMs: null };
  const ended = (state: 'succeeded' | 'failed', atMs: number): KindState => ({
    isActive: false,
    lastState: state,
    lastFinishedMs: atMs,
    firstSucceededMs: state === 'succeeded' ? atMs : null,
  });
  const states = { incremental: never, backfill: never, reconcile: never, verify: never };

  it('is at once for a source that was never read, then an interval after each end', () => {
    expect(dueAt('incremental', terms, states)).toBe(-Infinity);
    expect(dueAt('incremental', terms, { ...states, incremental: ended('failed', AT) })).toBe(AT + 300_000);
    const active = { ...states, incremental: { ...ended('succeeded', AT), isActive: true } };
    expect(dueAt('incremental', terms, active)).toBeNull();
  });

  it('has days reconciled once there is something to reconcile, sooner after a failure', () => {
    expect(dueAt('reconcile', terms, states)).toBeNull();
    const read = { ...states, incremental: ended('succeeded', AT) };
    expect(dueAt('reconcile', terms, read)).toBe(AT + DAY_MS);
    expect(dueAt('reconcile', terms, { ...read, reconcile: ended('succeeded', AT + 1) })).toBe(
      AT + 1 + DAY_MS,
    );
    expect(dueAt('reconcile', terms, { ...read, reconcile: ended('failed', AT + 1) })).toBe(AT + 1 + HOUR_MS);
  });

  it('leaves what has no interval alone', () => {
    const read = { ...states, incremental: ended('succeeded', AT) };
    expect([dueAt('verify', terms, read), dueAt('backfill', terms, read)]).toEqual([null, null]);
  });
});

describe('statusOf', () => {
  const run = { state: 'running', aliveMs: AT, retryMs: null };

  it.each([
    ['unknown', [], null],
    ['idle', [], { state: 'succeeded', error: null }],
    ['error', [], { state: 'failed', error: 'no' }],
    ['running', [{ ...run, state: 'queued' }], { state: 'failed', error: 'no' }],
    [
      'rate_limited',
      [
        { ...run, state: 'queued' },
        { ...run, state: 'rate_limited', retryMs: AT },
      ],
      null,
    ],
    ['error', [{ ...run, aliveMs: AT - HOUR_MS }], null],
  ])('is %s', (state, active, last) => {
    expect(statusOf({ nowMs: AT, active, last }).state).toBe(state);
  });
});

describe('withoutSecrets', () => {
  it('hides every form of a secret, the longest first, and keeps the rest', () => {
    const secrets = ['abcdef', 'abcdefgh', ''];
    expect(withoutSecrets('x abcdefgh y abcdef z abc', secrets)).toBe('x [secret] y [secret] z abc');
  });

  it('gives text that rows can store', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const clean = withoutSecrets(text, ['secret-secret']);
        expect(clean.isWellFormed() && !clean.includes('\0') && clean.length <= 1_000).toBe(true);
      }),
    );
  });
});
