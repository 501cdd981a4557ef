import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { DomainError } from './domain-error.js';
import { faultsOf } from './input-fault.js';
import { parseInput } from './parse-input.js';
import { PathIdPipe } from './path-id.pipe.js';
import { HTTP_ERROR } from './problem.js';

const schema = z.strictObject({
  name: z.string().min(2),
  list: z.array(z.object({ 'odd/key~': z.number() })).optional(),
});

/** RFC 6901, read the other way. */
function resolve(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], document);
}

describe('faultsOf', () => {
  it('names every fault by pointer, code and words', () => {
    const { error } = schema.safeParse({ name: 'x', list: [{ 'odd/key~': 1 }, { 'odd/key~': 'y' }] });
    expect(faultsOf(error!)).toEqual([
      { pointer: '/name', code: 'too-small', detail: expect.any(String) },
      { pointer: '/list/1/odd~1key~0', code: 'invalid-type', detail: expect.any(String) },
    ]);
  });

  it('puts where an element stood in its batch before it', () => {
    const { error } = schema.safeParse('text');
    expect(faultsOf(error!, '/17')).toMatchObject([{ pointer: '/17', code: 'invalid-type' }]);
  });

  it('points at each unknown key, whatever it is called', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.string().filter((key) => key !== 'name'),
          { minLength: 1 },
        ),
        (keys) => {
          const document = Object.fromEntries([
            ['name', 'xx'],
            ...keys.map((key) => [key, `value of ${key}`]),
          ]);
          const { error } = z.strictObject({ name: z.string() }).safeParse(document);
          const faults = faultsOf(error!);
          expect(faults.map((fault) => resolve(document, fault.pointer)).sort()).toEqual(
            keys.map((key) => `value of ${key}`).sort(),
          );
        },
      ),
    );
  });
});

describe('parseInput', () => {
  it('gives what the schema makes of valid input', () => {
    expect(parseInput(z.object({ n: z.coerce.number() }), { n: '7' })).toEqual({ n: 7 });
  });

  it('throws one malformed error with all faults', () => {
    const parse = (): unknown => parseInput(schema, { name: 'x', other: 1 });
    expect(parse).toThrow(DomainError);
    expect(parse).toThrow(
      expect.objectContaining({
        kind: 'malformed',
        code: HTTP_ERROR.malformed,
        faults: [
          expect.objectContaining({ pointer: '/name' }),
          expect.objectContaining({ pointer: '/other' }),
        ],
      }),
    );
  });
});

describe('PathIdPipe', () => {
  const pipe = new PathIdPipe();

  it('reads every id that a column can hold', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_147_483_647 }), (id) =>
        expect(pipe.transform(String(id))).toBe(id),
      ),
    );
  });

  it.each([
    '',
    '0',
    '-1',
    '+1',
    '01',
    '1.0',
    '1e3',
    '0x1',
    ' 1',
    '1 ',
    '2147483648',
    '99999999999',
    'one',
    '١',
    'NaN',
  ])('finds nothing under %p', (text) => {
    expect(() => pipe.transform(text)).toThrow(expect.objectContaining({ kind: 'notFound' }));
  });
});
