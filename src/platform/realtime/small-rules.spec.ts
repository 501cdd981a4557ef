import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { AnsweredIds } from './answered-ids.js';
import { frameText, textFrame } from './frame-bytes.js';
import { TokenBucket } from './token-bucket.js';
import { yamlText } from './yaml-text.js';

describe('a bucket of tokens', () => {
  it('lets through no more than its burst and its rate allow, and no less', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 }), (waits) => {
        const bucket = new TokenBucket(20, 40, 0);
        let [nowMs, taken, refusedAtMs] = [0, 0, Infinity];
        for (const wait of waits) {
          nowMs += wait;
          if (bucket.take(nowMs)) taken += 1;
          else refusedAtMs = Math.min(refusedAtMs, nowMs);
          expect(taken).toBeLessThanOrEqual(40 + (nowMs * 20) / 1_000 + 1e-6);
        }
        if (waits.length <= 40) expect(refusedAtMs).toBe(Infinity);
      }),
    );
  });
});

describe('a frame', () => {
  it('is what a client reads, whatever its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(0, 120, 70_000), (text, more) => {
        const json = JSON.stringify(text + 'x'.repeat(more));
        const bytes = textFrame(frameText('e', json, 'i"d'));
        expect(bytes[0]).toBe(0x81);
        const short = bytes[1]!;
        const [start, length] =
          short < 126
            ? [2, short]
            : short === 126
              ? [4, bytes.readUInt16BE(2)]
              : [10, Number(bytes.readBigUInt64BE(2))];
        expect(bytes.length).toBe(start + length);
        expect(JSON.parse(bytes.subarray(start).toString())).toEqual({
          event: 'e',
          data: JSON.parse(json),
          id: 'i"d',
        });
      }),
    );
  });
});

describe('answered ids', () => {
  it('give the first answer, forget what failed and what is oldest', async () => {
    const ids = new AnsweredIds(2);
    let done = 0;
    const work = (): Promise<string> => Promise.resolve(String((done += 1)));
    expect([await ids.once('a', 'x', work), await ids.once('a', 'x', work)]).toEqual(['1', '1']);
    expect(ids.once('a', 'y', work)).toBe('reused');
    await expect(ids.once('b', 'x', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await ids.once('b', 'x', work)).toBe('2');
    expect(await ids.once('c', 'x', work)).toBe('3');
    expect(ids.size).toBe(2);
    expect(await ids.once('a', 'y', work)).toBe('4'); // forgotten, so it is new
  });
});

describe('YAML', () => {
  it('is read as what was written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        expect(load(yamlText(plain))).toEqual(plain);
      }),
    );
  });
});
