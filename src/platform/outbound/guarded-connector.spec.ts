import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LookupAddress } from 'node:dns';
import { buildConnector } from 'undici';
import { openTripwire } from '../../../test/support/fake-provider.js';
import { isOwnNetworkAddress } from './address-guard.js';
import { BlockedAddressError, guardedConnector, type Resolve } from './guarded-connector.js';

/** A listener on loopback that must not hear of any of this, at whatever port and by whatever name it is called. */
let wire: Awaited<ReturnType<typeof openTripwire>>;
let lookups = 0;

beforeAll(async () => {
  wire = await openTripwire();
});

beforeEach(() => {
  lookups = 0;
});

afterAll(() => wire.close());

/** Answers each lookup with the next list; the last one stays. */
function resolverOf(...answers: string[][]): Resolve {
  return (_hostname, _options, callback) => {
    const addresses = answers[Math.min(lookups, answers.length - 1)]!;
    lookups += 1;
    callback(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

function connect(
  connector: buildConnector.connector,
  hostname: string,
  protocol = 'http:',
): Promise<unknown> {
  return new Promise((resolve) => {
    connector({ hostname, host: hostname, protocol, port: String(wire.port) }, (error, socket) => {
      socket?.destroy();
      resolve(error ?? 'connected');
    });
  });
}

describe('the guarded connector', () => {
  it('reaches the listener when it is not guarded: the wire would trip', async () => {
    expect(await connect(buildConnector({ timeout: 1_000 }), '127.0.0.1')).toBe('connected');
    expect(wire.count()).toBe(1);
  });

  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
    '[::ffff:7f00:1]',
    '127.1',
    '2130706433',
    '[::]',
  ])('does not connect to the literal %s', async (hostname) => {
    const before = wire.count();
    for (const protocol of ['http:', 'https:'])
      expect(await connect(guardedConnector(500), hostname, protocol)).toBeInstanceOf(BlockedAddressError);
    expect(wire.count()).toBe(before);
  });

  it.each([
    ['loopback', ['127.0.0.1']],
    ['loopback of IPv6', ['::1']],
    ['a mapped one', ['::ffff:127.0.0.1']],
    ['a public one and loopback', ['8.8.8.8', '127.0.0.1']],
    ['loopback and a public one', ['127.0.0.1', '2606:4700::1111']],
  ])('does not connect to a name that means %s', async (_what, addresses) => {
    const before = wire.count();
    const connector = guardedConnector(500, resolverOf(addresses));
    expect(await connect(connector, 'hook.example.org')).toBeInstanceOf(BlockedAddressError);
    expect([wire.count(), lookups]).toEqual([before, 1]);
  });

  it('does not connect to localhost as the system knows it', async () => {
    const before = wire.count();
    expect(await connect(guardedConnector(500), 'localhost')).toBeInstanceOf(BlockedAddressError);
    expect(wire.count()).toBe(before);
  });

  it('asks once and uses that answer: a name that changes its mind between check and call gains nothing', async () => {
    // Stands in for a public address: nothing leaves this machine.
    const isAllowed = (address: string): boolean => address === '127.0.0.2';
    const connector = guardedConnector(200, resolverOf(['127.0.0.2'], ['127.0.0.1']), isAllowed);
    const first = await connect(connector, 'rebind.example.org'); // whether or not anybody listens there
    expect(first).not.toBeInstanceOf(BlockedAddressError);
    expect(lookups).toBe(1);
    const before = wire.count();
    expect(await connect(connector, 'rebind.example.org')).toBeInstanceOf(BlockedAddressError);
    expect(wire.count()).toBe(before);
  });

  it('says when there is no such name', async () => {
    const connector = guardedConnector(500, resolverOf([]));
    expect(await connect(connector, 'hook.example.org')).toBeInstanceOf(Error);
  });
});

describe('the connector of the own network', () => {
  const own = (...answers: string[][]): buildConnector.connector =>
    guardedConnector(1_000, resolverOf(...answers), isOwnNetworkAddress);

  it('reaches loopback by its address and by a name that leads there', async () => {
    const before = wire.count();
    expect(await connect(own([]), '127.0.0.1')).toBe('connected');
    expect(await connect(own(['127.0.0.1']), 'model.lan')).toBe('connected');
    expect(wire.count()).toBe(before + 2);
  });

  it.each([
    ['198.41.0.4', []],
    ['[2001:500:2::c]', []],
    ['169.254.169.254', []],
    ['100.64.0.1', []],
    ['model.example', ['198.41.0.4']],
    ['rebound.example', ['127.0.0.1', '198.41.0.4']],
    ['metadata.example', ['169.254.169.254']],
  ])('sends nothing to %s %j', async (host, answer) => {
    expect(await connect(own(answer), host)).toBeInstanceOf(BlockedAddressError);
  });

  it('knows its ranges', () => {
    const addresses = [
      '127.8.8.8',
      '::1',
      '10.0.0.1',
      '172.31.255.255',
      '192.168.1.1',
      'fd00::1',
      '::ffff:10.0.0.1',
    ];
    for (const address of addresses) expect([address, isOwnNetworkAddress(address)]).toEqual([address, true]);
    for (const address of ['172.32.0.1', '0.0.0.0', 'fe80::1', '8.8.8.8', '::ffff:8.8.8.8', 'localhost', ''])
      expect([address, isOwnNetworkAddress(address)]).toEqual([address, false]);
  });
});
