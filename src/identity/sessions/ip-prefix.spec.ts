import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ipPrefix } from './ip-prefix.js';

describe('the network of an address', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::/48'],
    ['2001:0DB8:0000:08d3::1', '2001:db8:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['::1', '0:0:0::/48'],
    ['not an address', null],
    ['', null],
    [undefined, null],
  ])('%s -> %s', (address, prefix) => {
    expect(ipPrefix(address)).toBe(prefix);
  });

  it('says nothing about the host', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.nat(255), (address, host) => {
        expect(ipPrefix(address.replace(/\d+$/, String(host)))).toBe(ipPrefix(address));
      }),
    );
  });
});
