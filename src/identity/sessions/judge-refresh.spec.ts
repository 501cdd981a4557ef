import { describe, expect, it } from '@jest/globals';
import { GRACE_MS, judgeRefresh, type PresentedToken } from './judge-refresh.js';

const OLD: PresentedToken = { isCurrent: false, isParent: false, isOurs: true, rotatedAgoMs: 0 };

describe('a refresh token', () => {
  it.each<[string, Partial<PresentedToken>, string]>([
    ['that is current', { isCurrent: true, rotatedAgoMs: null }, 'rotate'],
    ['that is current for long', { isCurrent: true, rotatedAgoMs: 1e9 }, 'rotate'],
    ['whose child is new', { isParent: true, rotatedAgoMs: GRACE_MS }, 'repeat'],
    ['whose child is older than the grace', { isParent: true, rotatedAgoMs: GRACE_MS + 1 }, 'reuse'],
    ['that is older than the parent', { rotatedAgoMs: 1 }, 'reuse'],
    ['that somebody has invented', { isOurs: false }, 'unknown'],
  ])('%s', (_what, given, verdict) => {
    expect(judgeRefresh({ ...OLD, ...given })).toBe(verdict);
  });
});
