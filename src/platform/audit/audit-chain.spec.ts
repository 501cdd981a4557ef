import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { actorHashOf, type ChainedEvent, detailHashOf, sealHashOf } from './audit-chain.js';

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((value) => Buffer.from(value));
const salts = fc.uint8Array({ minLength: 16, maxLength: 16 });
const texts = fc.record({
  atUs: fc.string(),
  action: fc.string(),
  objectType: fc.string(),
  objectId: fc.string(),
});
const events: fc.Arbitrary<ChainedEvent> = fc
  .tuple(fc.nat(), texts, bytes, bytes)
  .map(([id, rest, actorHash, detailHash]) => ({ id, ...rest, actorHash, detailHash }));
const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

describe('hashes of the chain', () => {
  it('differ where anything of event, place or hash before differs', () => {
    const links = fc.record({ prev: bytes, seq: fc.nat(), event: events });
    fc.assert(
      fc.property(links, links, fc.constantFrom('prev', 'seq', 'event'), (link, other, what) => {
        const changed = { ...link, [what]: other[what as 'seq'] };
        const [one, two] = [link, changed].map(({ prev, seq, event }) => sealHashOf(prev, seq, event));
        expect(one!.equals(two!)).toBe(isSame(link, changed));
      }),
    );
  });

  it('cannot be had by moving text from one field to the next', () => {
    const event = {
      id: 1,
      atUs: '1',
      action: 'ab',
      objectType: 'c',
      objectId: '',
      actorHash: Buffer.alloc(32),
      detailHash: Buffer.alloc(32),
    };
    const moved = { ...event, action: 'a', objectType: 'bc' };
    const prev = Buffer.alloc(32);
    expect(sealHashOf(prev, 1, event).equals(sealHashOf(prev, 1, moved))).toBe(false);
    expect(sealHashOf(prev, 11, event).equals(sealHashOf(prev, 1, { ...event, id: 11 }))).toBe(false);
  });

  it('of persons tell nothing without the salt: equal persons have different ones', () => {
    const detail = { userId: 'u', before: null, after: { a: 1 } };
    const actor = { actorId: 'u', sessionId: null, requestId: 'r' };
    fc.assert(
      fc.property(salts, salts, (one, two) => {
        const isEqual = Buffer.from(one).equals(two);
        expect(detailHashOf(one, detail).equals(detailHashOf(two, detail))).toBe(isEqual);
        expect(actorHashOf(one, actor).equals(actorHashOf(two, actor))).toBe(isEqual);
      }),
    );
  });
});
