import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { networkAddress } from './network-address.js';

describe('the network address that is counted', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('of %s is %s', (address, expected) => {
    expect(networkAddress(address)).toBe(expected);
  });

  it('is one for all hosts of a /64, and another for the next', () => {
    const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 });
    const text = (parts: number[]): string => parts.map((part) => part.toString(16)).join(':');
    fc.assert(
      fc.property(groups, groups, groups, (network, one, other) => {
        expect(networkAddress(`${text(network)}:${text(one)}`)).toBe(
          networkAddress(`${text(network)}:${text(other)}`),
        );
        const next = [...network.slice(0, 3), ((network[3] ?? 0) + 1) & 0xffff];
        expect(networkAddress(`${text(next)}:${text(one)}`)).not.toBe(
          networkAddress(`${text(network)}:${text(one)}`),
        );
      }),
    );
  });
});
