import { describe, expect, it } from '@jest/globals';
import { failureOf, openOutbound, somePolicy, useOutbound } from '../../../test/support/outbound-trial.js';

const world = useOutbound();

describe('redirects', () => {
  it('are followed by hand, twice at most', async () => {
    const to = (location: string) => ({ status: 302, headers: { location } });
    world.provider.script(to('/b'), to('/c'), {});
    expect(
      (await world.trial.outbound.request(somePolicy(), { url: `${world.provider.url}/a` })).status,
    ).toBe(200);
    expect(world.provider.seen.map(({ url }) => url)).toEqual(['/a', '/b', '/c']);
    world.provider.script(to('/b'));
    expect(
      await failureOf(world.trial.outbound.request(somePolicy(), { url: world.provider.url })),
    ).toMatchObject({
      code: 'outbound/bad-redirect',
      reason: 'too-many',
    });
    expect(world.provider.seen).toHaveLength(3);
  });

  it('away from the configured origin are addresses given by somebody: public ones only', async () => {
    const before = world.other.connections;
    world.provider.script({ status: 302, headers: { location: `${world.other.url}/steal` } });
    expect(
      await failureOf(world.trial.outbound.request(somePolicy(), { url: world.provider.url })),
    ).toMatchObject({
      code: 'outbound/blocked-address',
      tries: 1,
    });
    expect(world.other.connections).toBe(before);
  });

  it('end where the address is not public, however it is written', async () => {
    const before = world.other.connections;
    world.trial = openOutbound(world.units, {
      resolve: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    for (const [location, code] of [
      [`${world.other.url}/`, 'outbound/blocked-address'],
      ['https://127.0.0.1/', 'outbound/blocked-address'],
      ['https://[::ffff:7f00:1]/', 'outbound/blocked-address'],
      ['https://2130706433/', 'outbound/blocked-address'],
      ['https://localhost/', 'outbound/blocked-address'],
      ['https://hook.example.org/', 'outbound/blocked-address'], // a public name that means loopback
      ['file:///etc/passwd', 'outbound/bad-redirect'],
      ['gopher://127.0.0.1:70/', 'outbound/bad-redirect'],
    ] as const) {
      world.provider.script({ status: 302, headers: { location } });
      expect(
        await failureOf(world.trial.outbound.request(somePolicy(), { url: world.provider.url })),
      ).toMatchObject({
        code,
      });
    }
    expect(world.other.connections).toBe(before);
  });

  it('take no credential to another origin', async () => {
    world.trial = openOutbound(world.units, { isPrivateAllowed: true });
    world.provider.script({ status: 302, headers: { location: `${world.other.url}/next` } });
    const headers = {
      Authorization: 'Bearer canary',
      Cookie: 'canary',
      'X-API-Key': 'canary',
      Accept: 'text/plain',
    };
    await world.trial.outbound.request(somePolicy(), { url: `${world.provider.url}/?token=canary`, headers });
    expect(world.other.seen).toHaveLength(1);
    expect(world.other.seen[0]!.headers.accept).toBe('text/plain');
    expect(JSON.stringify(world.other.seen[0])).not.toContain('canary');
  });
});

describe('a URL that a user gave', () => {
  it('is judged before the call, and its address when it is called', async () => {
    let lookups = 0;
    world.trial = openOutbound(world.units, {
      resolve: (_name, _options, callback) => {
        lookups += 1;
        callback(null, [{ address: '10.0.0.1', family: 4 }]);
      },
    });
    const hooks = somePolicy({ isUserGiven: true });
    for (const url of [
      world.provider.url,
      'https://127.0.0.1/',
      'https://example.org:8443/',
      'https://metadata/',
      'ftp://a.b/',
    ])
      expect(await failureOf(world.trial.outbound.request(hooks, { url }))).toMatchObject({
        code: 'outbound/blocked-address',
      });
    expect(lookups).toBe(0);
    expect(
      await failureOf(world.trial.outbound.request(hooks, { url: 'https://hook.example.org/' })),
    ).toMatchObject({
      code: 'outbound/blocked-address',
      tries: 1,
    });
    expect(lookups).toBe(1);
    expect(world.provider.seen).toEqual([]);
  });
});
