import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { float8Array, int4Array, textArray, timestamptzArray } from './binary-arrays.js';

/** The only judge of a wire format is the server that reads it. */
let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase(null);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

/** What PostgreSQL reads from `array`, as text in order. */
async function read(array: Buffer, type: string, expression = 'value::text'): Promise<string[]> {
  const { rows } = await client.query<{ text: string }>({
    name: `read ${type} ${expression}`,
    text: `SELECT ${expression} AS text FROM unnest($1::${type}[]) WITH ORDINALITY AS t(value, n) ORDER BY n`,
    values: [array],
  });
  return rows.map((row) => row.text);
}

describe('binary arrays', () => {
  it('are read as the integers that they were made from', async () => {
    await fc.assert(
      fc.asyncProperty(fc.int32Array(), async (values) => {
        expect(await read(int4Array(values), 'int4')).toEqual([...values].map(String));
      }),
      { examples: [[Int32Array.of()], [Int32Array.of(0, -1, 2_147_483_647, -2_147_483_648)]] },
    );
  });

  it('are read as the doubles that they were made from, to the last bit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.float64Array(), async (values) => {
        const texts = await read(float8Array(values), 'float8');
        expect(texts.map(Number)).toEqual([...values]);
      }),
      {
        examples: [
          [Float64Array.of(-0, Number.MIN_VALUE, Number.MAX_VALUE, Infinity, -Infinity, NaN, 0.1 + 0.2)],
        ],
      },
    );
  });

  it('are read as the instants that they were made from, to the millisecond', async () => {
    // Microseconds from 2000 are counted in a double, which is exact for 285 years to either side.
    const instant = fc.integer({ min: Date.UTC(1715, 0, 1), max: Date.UTC(2285, 0, 1) });
    await fc.assert(
      fc.asyncProperty(fc.array(instant), async (instants) => {
        const texts = await read(
          timestamptzArray(Float64Array.from(instants)),
          'timestamptz',
          '(extract(epoch FROM value) * 1000)::text',
        );
        expect(texts.map(Number)).toEqual(instants);
      }),
      { examples: [[[0, -1, 1, 946_684_800_000, 946_684_799_999, Date.UTC(2026, 1, 29)]]] },
    );
  });

  it('are read as the texts that they were made from, with gaps', async () => {
    const text = fc.string({ unit: 'binary' }).map((value) => value.toWellFormed().replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text)), async (texts) => {
        expect(await read(textArray(texts), 'text', 'value')).toEqual(texts);
      }),
      { examples: [[['', null, 'é', '{"a":1}', '\u{1f600}', 'x'.repeat(10_000)]], [[null]]] },
    );
    expect(await read(textArray([undefined, 'a']), 'text', 'value')).toEqual([null, 'a']);
  });

  it('hold as many elements as a batch may have', async () => {
    const values = Int32Array.from({ length: 10_000 }, (_, index) => index * 7);
    expect(await read(int4Array(values), 'int4')).toEqual([...values].map(String));
  });
});
