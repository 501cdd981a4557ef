import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FileLinks } from './file-links.js';

const key = (fill: number) => ({ kid: `k${fill}`, bytes: Buffer.alloc(32, fill) });
const links = new FileLinks([key(1)]);
const NOW_S = 1_800_000_000;

describe('a link to a file', () => {
  it('is good for its file until its time, and for nothing else', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fc.integer({ min: 1, max: 1_000_000 }), (id, other, lastsS) => {
        fc.pre(id !== other);
        const link = links.sign(id, NOW_S + lastsS);
        expect(links.isGood(id, link, NOW_S)).toBe(true);
        expect(links.isGood(id, link, NOW_S + lastsS)).toBe(false);
        expect(links.isGood(other, link, NOW_S)).toBe(false);
        expect(links.isGood(id, { ...link, expires: link.expires + 1 }, NOW_S)).toBe(false);
        expect(new FileLinks([key(2)]).isGood(id, link, NOW_S)).toBe(false);
      }),
    );
  });

  it('takes no other signature, whatever its form', () => {
    const id = '0190a000-0000-7000-8000-000000000000';
    const { expires, signature } = links.sign(id, NOW_S + 60);
    const forged = [
      '',
      signature.slice(1),
      `${signature}=`,
      `${signature} `,
      signature.toLowerCase(),
      'A'.repeat(43),
    ];
    for (const other of forged)
      expect({ other, isGood: links.isGood(id, { expires, signature: other }, NOW_S) }).toEqual({
        other,
        isGood: false,
      });
  });

  it('outlives a change of keys as long as the old one is known', () => {
    const link = links.sign('a', NOW_S + 60);
    expect(new FileLinks([key(2), key(1)]).isGood('a', link, NOW_S)).toBe(true);
    expect(() => new FileLinks([]).sign('a', NOW_S)).toThrow('SECRETS_KEY');
  });
});
