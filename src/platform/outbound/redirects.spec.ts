import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Hop, nextHop } from './redirects.js';

const SECRETS = {
  authorization: 'Bearer canary',
  cookie: 'session=canary',
  'x-api-key': 'canary',
  'idempotency-key': 'canary',
  'guildhall-signature': 't=1,v1=canary',
};
const hop = (given: Partial<Hop> = {}): Hop => ({
  method: 'POST',
  url: new URL('https://api.example.org/v1/x?key=canary'),
  headers: { ...SECRETS, accept: 'application/json', 'content-type': 'application/json' },
  body: '{"secret":"canary"}',
  ...given,
});

describe('nextHop', () => {
  it('keeps verb, body and headers at the same origin with 307 and 308', () => {
    for (const status of [307, 308])
      expect(nextHop(hop(), status, '/v2/x')).toEqual({
        ...hop(),
        url: new URL('https://api.example.org/v2/x'),
      });
  });

  it('asks with GET and without a body after 301, 302 and 303', () => {
    for (const status of [301, 302, 303]) {
      const next = nextHop(hop(), status, '/v2/x');
      expect(next).toMatchObject({ method: 'GET', body: null });
      expect((next as Hop).headers).not.toHaveProperty('content-type');
    }
  });

  it('carries nothing to another origin that tells who we are', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('https://example.com/', '//other.example.org/', 'https://api.example.org:8443/'),
        fc.constantFrom(301, 302, 303),
        fc.dictionary(fc.stringMatching(/^[a-z-]{1,12}$/), fc.constant('canary')),
        (location, status, headers) => {
          const next = nextHop(hop({ headers: { ...SECRETS, ...headers } }), status, location) as Hop;
          const carried = Object.keys(next.headers);
          expect(
            carried.filter((name) => !['accept', 'accept-language', 'user-agent'].includes(name)),
          ).toEqual([]);
          expect(next.body).toBeNull();
          expect(next.url.href).not.toContain('canary');
        },
      ),
    );
  });

  it.each([
    ['a body to a stranger', 307, 'https://example.com/', 'body-to-stranger'],
    ['https down to http', 302, 'http://api.example.org/', 'downgrade'],
    ['another scheme', 302, 'file:///etc/passwd', 'scheme'],
    ['yet another', 302, 'gopher://127.0.0.1/', 'scheme'],
    ['credentials', 302, 'https://u:p@api.example.org/', 'scheme'],
    ['no place', 302, undefined, 'no-location'],
    ['no URL', 302, 'https://[::1', 'no-location'],
  ])('does not follow %s', (_what, status, location, fault) => {
    expect(nextHop(hop(), status, location)).toBe(fault);
  });
});
