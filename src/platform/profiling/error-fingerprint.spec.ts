import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describeError, ownFrame, withoutValues } from './error-fingerprint.js';

describe('withoutValues', () => {
  it.each([
    ['row 17 of 230 failed', 'row # of # failed'],
    [`no account ${randomUUID()}`, 'no account #'],
    ['token demo-4f3a9c21b7 is unknown', 'token # is unknown'],
    ['mail to jo.smith+x@example.org bounced', 'mail to # bounced'],
    ['column "name" does not exist', 'column "name" does not exist'],
    ['took 3.5 of 1,000', 'took # of #'],
    ['invalid input syntax for type uuid: "Ada Lovelace"', 'invalid input syntax for type uuid: #'],
    [
      `Unexpected token 'h', "hello, I am"... is not valid JSON`,
      'Unexpected token #, #... is not valid JSON',
    ],
    ['violates constraint "uq_account_email"', 'violates constraint "uq_account_email"'],
    [
      "Cannot read properties of undefined (reading 'id')",
      "Cannot read properties of undefined (reading 'id')",
    ],
    ["it isn't there, said 'Ada' and `Bob'", "it isn't there, said # and #"],
    ['cut off in "the middle of a name', 'cut off in #'],
  ])('%s', (message, expected) => {
    expect(withoutValues(message)).toBe(expected);
  });

  it('leaves no digit, is bounded, storable and final', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (message) => {
        const text = withoutValues(message);
        expect(text).not.toMatch(/[0-9]|\0/);
        expect(text).not.toMatch(/`/);
        expect(text.isWellFormed()).toBe(true);
        expect(text.length).toBeLessThanOrEqual(300);
        expect(withoutValues(text)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});

describe('ownFrame', () => {
  it('is the innermost line that is ours, without the folder of the installation', () => {
    const stack = [
      'error: gone',
      '    at Parser.parse (/srv/app/node_modules/pg-protocol/dist/parser.js:10:2)',
      '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
      '    at async PgTransaction.query (file:///srv/app/dist/platform/database/unit-of-work.js:120:26)',
      '    at async IngestService.apply (file:///srv/app/dist/market/ingest/ingest.service.js:80:7)',
    ].join('\n');
    expect(ownFrame(stack)).toBe('PgTransaction.query (platform/database/unit-of-work.js:120)');
    expect(ownFrame('Error: x\n    at file:///srv/app/dist/main.js:3:1')).toBe('(anonymous) (main.js:3)');
  });

  it('is null where there is none, whatever the stack says', () => {
    expect(ownFrame(undefined)).toBeNull();
    fc.assert(
      fc.property(fc.string(), (stack) => expect([null, 'string']).toContain(ownFrame(stack) && 'string')),
    );
  });
});

describe('describeError', () => {
  const fail = (value: number): Error => new RangeError(`value ${value} is too large`);

  it('gives one fault one fingerprint, whatever the values are', () => {
    const [first, second] = [1, 99].map((value) => describeError(fail(value)));
    expect(first).toEqual(second);
    expect(first).toMatchObject({ name: 'RangeError', code: null, message: 'value # is too large' });
    expect(first!.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(first!.frame).toMatch(/error-fingerprint\.spec\.ts/);
  });

  it('tells faults apart by class, code, message and place', () => {
    const others = [
      new TypeError('value 1 is too large'),
      new RangeError('value 1 is too small'),
      Object.assign(new RangeError('value 1 is too large'), { code: '42703' }),
      fail(1),
    ];
    const prints = others.map((error) => describeError(error).fingerprint);
    expect(new Set(prints).size).toBe(4);
  });

  it('takes anything that can be thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const described = describeError(thrown);
        expect(described.fingerprint).toHaveLength(32);
        expect(described.frame).toBeNull();
      }),
    );
    const odd = Object.assign(new Error('\ud800\0'), { code: 12, stack: undefined });
    expect(describeError(odd)).toMatchObject({ code: '12', message: '\ufffd', frame: null });
  });
});
