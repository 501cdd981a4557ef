import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isUuid } from './uuid.js';

describe('an id from outside', () => {
  it('is one in the spelling of PostgreSQL alone', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(isUuid(id)).toBe(true);
        expect(isUuid(id.toUpperCase())).toBe(id.toUpperCase() === id);
        for (const other of [
          `{${id}}`,
          `urn:uuid:${id}`,
          id.replaceAll('-', ''),
          ` ${id}`,
          `${id}\n`,
          `${id}0`,
        ])
          expect(isUuid(other)).toBe(false);
      }),
    );
  });

  it('is nothing else', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(isUuid(text)).toBe(false)));
  });
});
