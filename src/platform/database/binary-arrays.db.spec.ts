import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import {
  dateArray,
  float8Array,
  int4Array,
  readFloat8Array,
  readInt4Array,
  readInt8Array,
  readTimestamptzArray,
  textArray,
  timestamptzArray,
} from './binary-arrays.js';

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

  it('are read as the days that they were made from', async () => {
    const day = fc.integer({ min: -700_000, max: 2_000_000 });
    await fc.assert(
      fc.asyncProperty(fc.array(day), async (days) => {
        const texts = await read(
          dateArray(Int32Array.from(days)),
          'date',
          "(value - '1970-01-01'::date)::text",
        );
        expect(texts.map(Number)).toEqual(days);
      }),
      { examples: [[[0, -1, 10_957, 10_956, 20_508]]] },
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

  it('come back as columns, as PostgreSQL sends them', async () => {
    const echo = async (array: Buffer | string, type: string): Promise<Buffer> =>
      (await client.query<{ sent: Buffer }>(`SELECT array_send($1::${type}[]) AS sent`, [array])).rows[0]!
        .sent;
    const instants = fc.integer({ min: Date.UTC(1980, 0, 1), max: Date.UTC(2100, 0, 1) });
    await fc.assert(
      fc.asyncProperty(fc.int32Array(), fc.float64Array(), fc.array(instants), async (whole, doubles, ms) => {
        expect(readInt4Array(await echo(int4Array(whole), 'int4'))).toEqual(whole);
        expect(readFloat8Array(await echo(float8Array(doubles), 'float8'))).toEqual(doubles);
        const times = Float64Array.from(ms);
        expect(readTimestamptzArray(await echo(timestamptzArray(times), 'timestamptz'))).toEqual(times);
      }),
      { examples: [[Int32Array.of(), Float64Array.of(), []]] },
    );
    const { rows } = await client.query<{ sent: Buffer; at: Buffer }>(
      `SELECT array_send('{1,NULL,2}'::float8[]) AS sent,
         array_send('{2026-11-21T11:00:00.123456Z,1999-12-31T23:59:59.000001Z}'::timestamptz[]) AS at`,
    );
    expect(readFloat8Array(rows[0]!.sent)).toEqual(Float64Array.of(1, Number.NaN, 2));
    const ids = ['0', '-1', '4294967295', '-4294967296', '9007199254740991', '-9007199254740991'];
    expect([...readInt8Array(await echo(`{${ids.join()}}`, 'int8'))]).toEqual(ids.map(Number));
    const micros = [...readTimestamptzArray(rows[0]!.at)].map((ms) => Math.round(ms * 1_000));
    expect(micros).toEqual([
      Date.UTC(2026, 10, 21, 11) * 1_000 + 123_456,
      Date.UTC(1999, 11, 31, 23, 59, 59) * 1_000 + 1,
    ]);
  });
});
