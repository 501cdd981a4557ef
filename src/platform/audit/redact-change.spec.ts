import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';
import { redactState } from './redact-change.js';

const SECRET = 'hush-4f1c';

describe('what is kept of a change', () => {
  it.each([
    'password',
    'newPassword',
    'passwordHash',
    'passwd',
    'secret',
    'client_secret',
    'token',
    'accessToken',
    'refresh_token',
    'jwt',
    'authorization',
    'cookie',
    'apiKey',
    'api_key',
    'privateKey',
    'signingKey',
    'wrapped',
    'salt',
    'otp',
    'totpSeed',
    'recoveryCodes',
    'codeVerifier',
    'code',
    'pin',
    'key_hash',
    'tokenDigest',
    'nonce',
    'credentials',
  ])('never holds the value of %s, however deep it lies', (name) => {
    const shapes = [{ [name]: SECRET }, { list: [{ inner: { [name]: { value: [SECRET] } } }] }];
    for (const shape of shapes) expect(canonicalJson(redactState(shape))).not.toContain(SECRET);
  });

  it.each([
    `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.${SECRET}`,
    `Bearer ${SECRET}`,
    `-----BEGIN PRIVATE KEY-----\n${SECRET}`,
    `postgres://user:${SECRET}@db/x`,
  ])('hides what looks like a secret under any name: %s', (value) => {
    expect(canonicalJson(redactState({ note: value, list: [value] }))).not.toContain(SECRET);
  });

  it('keeps flags and ordinary words', () => {
    const state = {
      hasPassword: true,
      isTokenSent: false,
      email: 'a@b',
      currency: 'kama',
      keyCount: 3,
      itemCode: null,
    };
    expect(redactState(state)).toEqual(state);
  });

  it('is null where there was nothing, and has instants as text', () => {
    expect(redactState(undefined)).toBeNull();
    expect(redactState(null)).toBeNull();
    expect(redactState({ at: new Date(0), gone: undefined })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
  });

  it('is short, whatever is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(redactState(value)).length).toBeLessThanOrEqual(8_192);
      }),
    );
    const wide = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, index) => [`field${index}`, 'x'.repeat(50)]),
    );
    expect(redactState(wide)).toEqual({ omittedCharacters: expect.any(Number) });
    expect(
      canonicalJson(redactState({ text: 'x'.repeat(1e6), list: new Array(1e4).fill(1) })).length,
    ).toBeLessThan(900);
  });
});

describe('canonical JSON', () => {
  it('is the same for equal values, in whatever order, and after a journey through JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(JSON.stringify(value)))).toBe(text);
        const reversed: unknown = JSON.parse(text, (_key, inner: unknown) =>
          typeof inner === 'object' && inner !== null && !Array.isArray(inner)
            ? Object.fromEntries(Object.entries(inner).reverse())
            : inner,
        );
        expect(canonicalJson(reversed)).toBe(text);
      }),
    );
  });
});
