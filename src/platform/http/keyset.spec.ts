import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from './domain-error.js';
import { decodeCursor, encodeCursor, type Page, toPage } from './keyset.js';
import { HTTP_ERROR } from './problem.js';

const storable = fc
  .string({ unit: 'grapheme' })
  .filter((text) => !text.includes('\0') && text.isWellFormed());

describe('cursors', () => {
  it('come back as they were made', () => {
    fc.assert(
      fc.property(storable, fc.maxSafeInteger(), (text, number) => {
        const cursor = encodeCursor([text, number]);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor(cursor, ['string', 'number'] as const)).toEqual([text, number]);
      }),
    );
  });

  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each<[string, string]>([
    ['nothing', ''],
    ['no base64', '%%%'],
    ['base64 of no JSON', Buffer.from('{').toString('base64url')],
    ['no array', encode({ 0: 'a', 1: 1, length: 2 })],
    ['too few parts', encode(['a'])],
    ['too many parts', encode(['a', 1, 2])],
    ['parts of other types', encode([1, 'a'])],
    ['null', encode(['a', null])],
    ['no integer', encode(['a', 1.5])],
    ['an integer beyond exactness', encode(['a', 2 ** 53])],
    ['Infinity', Buffer.from('["a",1e999]').toString('base64url')],
    ['a text that PostgreSQL cannot take: NUL', encode(['a\0', 1])],
    [
      'a text that PostgreSQL cannot take: half a surrogate pair',
      Buffer.from('["\\ud800",1]').toString('base64url'),
    ],
  ])('are refused when they hold %s', (_what, cursor) => {
    const decode = (): unknown => decodeCursor(cursor, ['string', 'number'] as const);
    expect(decode).toThrow(DomainError);
    expect(decode).toThrow(expect.objectContaining({ kind: 'malformed', code: HTTP_ERROR.malformed }));
  });

  it('are either read or refused as malformed, whatever they hold', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.jsonValue().map(encode)), (cursor) => {
        try {
          const [text, number] = decodeCursor(cursor, ['string', 'number'] as const);
          expect([typeof text, Number.isSafeInteger(number)]).toEqual(['string', true]);
        } catch (error) {
          expect(error).toMatchObject({ kind: 'malformed' });
        }
      }),
    );
  });
});

interface Row {
  name: string;
  id: number;
}

/** What a repository does: rows after the cursor in the order of the key, limit + 1 of them. */
function fetchRows(rows: readonly Row[], after: readonly [string, number] | undefined, limit: number): Row[] {
  return [...rows]
    .sort(compare)
    .filter((row) => after === undefined || compare(row, { name: after[0], id: after[1] }) > 0)
    .slice(0, limit + 1);
}

function compare(a: Row, b: Row): number {
  return a.name === b.name ? a.id - b.id : a.name < b.name ? -1 : 1;
}

function fetchPage(rows: readonly Row[], cursor: string | null, limit: number): Page<Row> {
  const after = cursor === null ? undefined : decodeCursor(cursor, ['string', 'number'] as const);
  return toPage(
    fetchRows(rows, after, limit),
    limit,
    (row) => [row.name, row.id],
    (row) => row,
  );
}

const rowList = fc.uniqueArray(fc.record({ name: fc.constantFrom('', 'a', 'b', 'é'), id: fc.nat(50) }), {
  selector: (row) => `${row.name}/${row.id}`,
});

describe('pages', () => {
  it('say that there is more exactly when there is', () => {
    const rows = [1, 2, 3].map((id) => ({ name: 'a', id }));
    expect(fetchPage(rows, null, 3)).toEqual({ items: rows, nextCursor: null });
    expect(fetchPage(rows, null, 2)).toMatchObject({
      items: rows.slice(0, 2),
      nextCursor: expect.any(String),
    });
    expect(fetchPage([], null, 2)).toEqual({ items: [], nextCursor: null });
  });

  it('make the whole list, in order, without loss or double', () => {
    fc.assert(
      fc.property(rowList, fc.integer({ min: 1, max: 7 }), (rows, limit) => {
        const seen: Row[] = [];
        let cursor: string | null = null;
        do {
          const page: Page<Row> = fetchPage(rows, cursor, limit);
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items);
          cursor = page.nextCursor;
        } while (cursor !== null);
        expect(seen).toEqual([...rows].sort(compare));
      }),
    );
  });

  it('show every row that was there all along, though others come in between', () => {
    fc.assert(
      fc.property(rowList, rowList, fc.integer({ min: 1, max: 7 }), (rows, arriving, limit) => {
        const known = new Set(rows.map((row) => `${row.name}/${row.id}`));
        const now = [...rows];
        const waiting = arriving.filter((row) => !known.has(`${row.name}/${row.id}`));
        const seen: Row[] = [];
        let cursor: string | null = null;
        do {
          const page: Page<Row> = fetchPage(now, cursor, limit);
          seen.push(...page.items);
          cursor = page.nextCursor;
          now.push(...waiting.splice(0, 1));
        } while (cursor !== null);
        expect(seen.filter((row) => known.has(`${row.name}/${row.id}`))).toEqual([...rows].sort(compare));
        expect(new Set(seen).size).toBe(seen.length);
      }),
    );
  });
});
