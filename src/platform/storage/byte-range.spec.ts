import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byteRange } from './byte-range.js';

const size = fc.integer({ min: 0, max: 10_000 });

describe('the range of a request', () => {
  it('is within the file, whatever is sent', () => {
    const header = fc.oneof(
      fc.string(),
      fc
        .tuple(fc.nat(20_000), fc.option(fc.nat(20_000), { nil: '' as const }))
        .map(([from, to]) => `bytes=${from}-${to}`),
      fc.nat(20_000).map((length) => `bytes=-${length}`),
    );
    fc.assert(
      fc.property(header, size, (sent, sizeBytes) => {
        const span = byteRange(sent, sizeBytes);
        if (span === undefined) return;
        expect(span.from).toBeGreaterThanOrEqual(0);
        expect(span.to).toBeGreaterThanOrEqual(span.from);
        expect(span.to).toBeLessThan(sizeBytes);
      }),
    );
  });

  it('is what RFC 9110 says', () => {
    expect(byteRange('bytes=0-0', 10)).toEqual({ from: 0, to: 0 });
    expect(byteRange('bytes=3-', 10)).toEqual({ from: 3, to: 9 });
    expect(byteRange('bytes=3-99', 10)).toEqual({ from: 3, to: 9 });
    expect(byteRange('bytes=-4', 10)).toEqual({ from: 6, to: 9 });
    expect(byteRange('bytes=-40', 10)).toEqual({ from: 0, to: 9 });
    for (const none of [
      undefined,
      'bytes=-',
      'bytes=5-4',
      'bytes=10-',
      'bytes=-0',
      'bytes=0-1,3-4',
      'items=0-1',
    ])
      expect(byteRange(none, 10)).toBeUndefined();
  });
});
