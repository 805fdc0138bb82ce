import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressPolicy } from '../../../src/store/originals/address-policy.ts';

const strict = addressPolicy([]);

describe('address policy', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.0',
    '2606:4700:4700::1111',
    '2a00:1450:4001:81b::200e',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '2002:808:808::1',
    '2606:4700::5efe:808:808',
  ])('lets %s be dialled', (address) => {
    expect(strict.allows(address)).toBe(true);
  });

  it.each([
    // IPv4
    '0.0.0.0',
    '0.1.2.3',
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.127.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '198.18.0.1',
    '192.88.99.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    // IPv6
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12:3456::1',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    '3fff::1',
    '100::1',
    '2001:2::1',
    '2001:10::1',
    '4000::1',
    '5f00::1',
    // IPv4 within IPv6: mapped, compatible, translated, NAT64 twice, 6to4, Teredo by server and by client, ISATAP
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '::127.0.0.1',
    '::7f00:1',
    '::ffff:0:10.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::127.0.0.1',
    '64:ff9b:1:7f00:0:1::',
    '64:ff9b:1::8.8.8.8',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::1',
    '2001:0:7f00:1::f7f7:f7f7',
    '2001:0:808:808::80ff:fffe',
    '2606:4700::5efe:7f00:1',
    '2606:4700::200:5efe:a00:1',
    'fe80::5efe:808:808',
    // no addresses at all
    '',
    'localhost',
    '2130706433',
    '0x7f.1',
    '127.1',
    '0177.0.0.1',
    '[::1]',
  ])('forbids %s', (address) => {
    expect(strict.allows(address)).toBe(false);
  });

  it('forbids every way of writing a private IPv4 address into an IPv6 one', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const privateIPv4 = fc.oneof(
      fc.tuple(fc.constantFrom(0, 10, 127), octet, octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
      fc.tuple(fc.integer({ min: 224, max: 255 }), octet, octet, octet),
    );
    fc.assert(
      fc.property(privateIPv4, ([a, b, c, d]) => {
        const high = ((a << 8) | b).toString(16);
        const low = ((c << 8) | d).toString(16);
        const inverted = [(((a << 8) | b) ^ 0xffff).toString(16), (((c << 8) | d) ^ 0xffff).toString(16)].join(':');
        const spellings = [
          `${a}.${b}.${c}.${d}`,
          `::ffff:${high}:${low}`,
          `::${high}:${low}`,
          `::ffff:0:${high}:${low}`,
          `64:ff9b::${high}:${low}`,
          `64:ff9b:1::${high}:${low}`,
          `2002:${high}:${low}::1`,
          `2001:0:${high}:${low}::f7f7:f7f7`,
          `2001:0:808:808::${inverted}`,
          `2606:4700::5efe:${high}:${low}`,
          `2606:4700::200:5efe:${high}:${low}`,
        ];
        expect(spellings.filter(strict.allows)).toEqual([]);
      }),
    );
  });

  it('lets nothing outside 2000::/3 be dialled, except for what carries a public IPv4 address', () => {
    const word = fc.integer({ min: 0, max: 0xffff });
    const outside = word.filter((first) => (first & 0xe000) !== 0x2000 && first !== 0 && first !== 0x64);
    fc.assert(
      fc.property(outside, fc.array(word, { minLength: 7, maxLength: 7 }), (first, rest) => {
        expect(strict.allows([first, ...rest].map((part) => part.toString(16)).join(':'))).toBe(false);
      }),
    );
  });

  it('opens exactly the listed ranges, in every spelling, and no others', () => {
    const open = addressPolicy(['127.0.0.0/8', '10.1.2.3', 'fd00:1::/32', '64:ff9b:1::/48']);
    const allowed = ['127.0.0.1', '::ffff:127.9.9.9', '64:ff9b::7f00:1', '10.1.2.3', 'fd00:1::5', '64:ff9b:1::1'];
    expect(allowed.filter((address) => !open.allows(address))).toEqual([]);
    const forbidden = ['10.1.2.4', '::1', '::ffff:10.1.2.4', 'fd00:2::5', '169.254.169.254', '64:ff9b:2::1'];
    expect(forbidden.filter(open.allows)).toEqual([]);
  });

  it.each(['', 'localhost', '10.0.0.0/33', '10.0.0.0/x', '::/129'])('refuses the range %j', (range) => {
    expect(() => addressPolicy([range])).toThrow();
  });
});
