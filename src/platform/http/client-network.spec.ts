import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clientNetwork } from './client-network.js';

describe('the network of a client', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['::1', '::/64'],
    ['not an address', 'unknown'],
    [undefined, 'unknown'],
  ])('of %s is %s', (address, network) => {
    expect(clientNetwork(address)).toBe(network);
  });

  it('is the same for all addresses of one /64, and different for others', () => {
    const group = fc.integer({ min: 1, max: 0xffff }).map((part) => part.toString(16));
    const half = fc.tuple(group, group, group, group).map((parts) => parts.join(':'));
    fc.assert(
      fc.property(half, half, half, half, (net, other, a, b) => {
        expect(clientNetwork(`${net}:${a}`)).toBe(clientNetwork(`${net}:${b}`));
        if (net !== other) expect(clientNetwork(`${net}:${a}`)).not.toBe(clientNetwork(`${other}:${a}`));
      }),
    );
  });
});
