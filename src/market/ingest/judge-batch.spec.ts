import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeBatch, parseLines, UNREADABLE } from './judge-batch.js';
import { nativeObservationSchema } from './observation.js';

const NOW = Date.UTC(2026, 6, 1);
const schema = nativeObservationSchema(() => NOW);
const good = (externalId: number) => ({ externalId, unitPrice: 1, capturedAt: '2026-06-30T10:00:00Z' });

describe('judgeBatch', () => {
  it('keeps the order of what is valid and says where each element stood', () => {
    const judged = judgeBatch([good(3), { externalId: 4 }, UNREADABLE, good(1)], schema);
    expect(judged.valid.map((observation) => observation.externalId)).toEqual([3, 1]);
    expect(judged.positions).toEqual([0, 3]);
    expect([...judged.faults]).toEqual([
      [1, expect.objectContaining({ pointer: '/1/unitPrice', code: 'invalid-type' })],
      [2, { pointer: '/2', code: 'invalid-json', detail: 'The line is not valid JSON.' }],
    ]);
  });

  it('points at an unknown key, escaped as RFC 6901 says', () => {
    const judged = judgeBatch([{ ...good(1), 'a/b~c': 1 }], schema);
    expect(judged.faults.get(0)).toMatchObject({ pointer: '/0/a~1b~0c', code: 'unrecognized-keys' });
  });

  it('gives each element exactly one verdict', () => {
    const element = fc.oneof(
      fc.nat(999).map((id) => good(id + 1)),
      fc.jsonValue(),
      fc.constant(UNREADABLE),
      fc.record({ externalId: fc.jsonValue(), unitPrice: fc.jsonValue(), capturedAt: fc.jsonValue() }),
    );
    fc.assert(
      fc.property(fc.array(element), (elements) => {
        const { valid, positions, faults } = judgeBatch(elements, schema);
        expect(valid).toHaveLength(positions.length);
        const places = [...positions, ...faults.keys()].sort((a, b) => a - b);
        expect(places).toEqual(elements.map((_, index) => index));
        valid.forEach((observation, k) => expect(observation).toEqual(schema.parse(elements[positions[k]!])));
        for (const [index, fault] of faults) expect(fault.pointer).toMatch(new RegExp(`^/${index}(/|$)`));
      }),
    );
  });
});

describe('parseLines', () => {
  it('reads line ends of any system, skips blank lines and marks what is not JSON', () => {
    expect(parseLines('{"a":1}\r\n\n  \n[2]\nnope\n"x"')).toEqual([{ a: 1 }, [2], UNREADABLE, 'x']);
    expect(parseLines('')).toEqual([]);
    expect(parseLines('\n \r\n')).toEqual([]);
  });

  it('gives back any values that were written one per line', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        const text = values.map((value) => JSON.stringify(value)).join('\n');
        expect(parseLines(text)).toEqual(JSON.parse(JSON.stringify(values)));
      }),
    );
  });
});
