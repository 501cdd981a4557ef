import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeAnswer } from './read-envelope.js';
import { isVoidGrant } from './void-grant.js';

const body = (value: unknown): string => JSON.stringify(value);

describe('a refusal of the token endpoint', () => {
  it.each([
    [400, body({ error: 'invalid_grant', error_description: 'anything' }), true],
    [500, body({ error: 'server_error', error_description: 'AuthorizationRecordRevoked' }), true],
    [401, '', true],
    [403, '<html>', true],
    [401, body({ error: 'access_denied' }), true],
    [500, body({ ErrorCode: 2123, ErrorStatus: 'AuthorizationRecordExpired' }), true],
    [503, body({ error: 'server_error', error_description: 'SystemDisabled' }), false],
    [400, body({ error: 'server_error', error_description: 'SystemDisabled' }), false],
    [401, body({ error: 'server_error', error_description: 'SystemDisabled' }), false],
    [401, body({ error: 'invalid_client', error_description: 'ApplicationTokenKeyIdDoesNotExist' }), false],
    [401, body({ ErrorCode: 2101 }), false],
    [503, body({ ErrorCode: 5 }), false],
    [500, '', false],
    [502, '<html>', false],
    [429, '', false],
    [400, body({ error: 'invalid_request' }), false],
  ])('%i %s ends the connection: %s', (status, text, isVoid) => {
    expect(isVoidGrant(status, text)).toBe(isVoid);
  });

  it('of 500 that ends it is no outage; maintenance is one and is tried again', () => {
    const judged = (value: unknown): unknown => judgeAnswer({ status: 500, body: Buffer.from(body(value)) });
    expect(judged({ error: 'server_error', error_description: 'RefreshTokenExpired' })).toEqual({
      kind: 'answer',
    });
    expect(judged({ error: 'server_error', error_description: 'SystemDisabled' })).toBeNull();
  });

  it('of any shape is judged, and an outage never ends a connection without a word that says so', () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 599 }), fc.oneof(fc.string(), fc.json()), (status, text) => {
        expect(isVoidGrant(status, text)).toBe(false);
        expect(judgeAnswer({ status, body: Buffer.from(text) })).toBeNull();
      }),
    );
  });
});
