import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertPlain, type FanoutLine, lineText, packLines, PartsReader, readLine } from './fanout-lines.js';

const name = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => /^[^\t\n\0]+$/.test(text));
const json = fc.string({ unit: 'grapheme', maxLength: 2_000 }).map((text) => JSON.stringify({ text }));
const number = fc.nat();
const lines: fc.Arbitrary<FanoutLine> = fc.oneof(
  fc.constantFrom<FanoutLine>(
    { kind: 'hello' },
    { kind: 'beat' },
    { kind: 'bye' },
    { kind: 'rooms' },
    { kind: 'end' },
  ),
  fc.record({ kind: fc.constant('members' as const), room: name, count: fc.integer({ min: -1, max: 99 }) }),
  fc.record({ kind: fc.constant('heard' as const), room: name, to: name, number }),
  fc.record({ kind: fc.constant('event' as const), room: name, number, event: name, json }),
  fc.record({ kind: fc.constant('state' as const), room: name, number, key: name, event: name, json }),
);

describe('lines of a process', () => {
  it('are read as they were said, whatever fits into a text, and no text is too long', () => {
    fc.assert(
      fc.property(
        fc.array(lines, { maxLength: 20 }),
        fc.integer({ min: 200, max: 5_000 }),
        (told, mostBytes) => {
          const texts = packLines('me', told.map(lineText), mostBytes);
          const parts = new PartsReader();
          const heard: (FanoutLine | undefined)[] = [];
          for (const text of texts) {
            expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mostBytes);
            const [from, ...rest] = Buffer.from(text).toString().split('\n'); // as UTF-8 over the wire
            expect(from).toBe('me');
            for (const one of rest) {
              const line = readLine(one);
              if (line?.kind !== 'part') heard.push(line);
              else {
                const whole = parts.take(line);
                if (whole !== undefined) heard.push(readLine(whole));
              }
            }
          }
          expect(heard).toEqual(told);
        },
      ),
    );
  });

  it('are left out when a part of them is missing, and the next one is read', () => {
    const line = lineText({
      kind: 'event',
      room: 'r',
      number: 1,
      event: 'e',
      json: '"' + 'x'.repeat(900) + '"',
    });
    const pieces = packLines('me', [line], 300).flatMap((text) =>
      text
        .split('\n')
        .slice(1)
        .map((one) => readLine(one)!),
    );
    expect(pieces.length).toBeGreaterThan(3);
    const parts = new PartsReader();
    const take = (piece: FanoutLine): string | undefined =>
      parts.take(piece as FanoutLine & { kind: 'part' });
    expect(pieces.filter((_piece, at) => at !== 1).map(take)).toEqual(
      Array.from({ length: pieces.length - 1 }, () => undefined),
    );
    expect(pieces.map(take).at(-1)).toBe(line);
  });

  it('of another version of us are passed over', () => {
    expect(readLine('dance\twith\tme')).toBeUndefined();
  });

  it('have no names that would be read as something else', () => {
    for (const bad of ['', 'a\tb', 'a\nb', '\0', 'x'.repeat(201)]) expect(() => assertPlain(bad)).toThrow();
    expect(() => assertPlain('race:0197')).not.toThrow();
  });
});
