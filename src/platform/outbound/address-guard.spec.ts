import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPublicAddress, judgeUrl } from './address-guard.js';

/** Hosts behind which an attacker hopes to find this machine or its neighbours. */
const PRIVATE_HOSTS = [
  // loopback in every spelling that some parser takes
  '127.0.0.1',
  '127.0.0.2',
  '127.255.255.254',
  '127.1',
  '127.0.1',
  '2130706433',
  '017700000001',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '0x7f.0x0.0x0.0x1',
  '00000177.0.0.1',
  '127.0.0.1.',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  // nothing, this network, everybody
  '0.0.0.0',
  '0',
  '0x0',
  '0.1.2.3',
  '255.255.255.255',
  '224.0.0.1',
  '240.0.0.1',
  // private, link-local, carrier-grade NAT, special
  '10.0.0.1',
  '10.255.255.255',
  '167772161',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '0xc0a80001',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.254.170.2',
  '100.64.0.1',
  '100.100.100.200',
  '100.127.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '192.88.99.1',
  '168.63.129.16',
  // IPv6
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:a9fe:a9fe]',
  '[::ffff:8.8.8.8]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b::10.0.0.1]',
  '[64:ff9b:1::1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::1]',
  '[2001::1]',
  '[2001:db8::1]',
  '[3fff::1]',
  '[5f00::1]',
  '[100::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[4000::1]',
  '[fe80::1%25eth0]',
  // names
  'localhost',
  'LOCALHOST',
  'localhost.',
  'ⓛocalhost',
  'foo.localhost',
  'localhost.localdomain',
  'metadata',
  'intranet',
  'metadata.google.internal',
  'printer.local',
  'router.home.arpa',
  'nas.lan',
  'db.corp',
  'host.docker.internal',
  'kubernetes.default.svc',
  'x.svc.cluster.local',
  '1.0.0.127.in-addr.arpa',
  'abc.onion',
  'site.test',
  'example.org.',
  'a..example.org',
  '.example.org',
  '-a.example.org',
  'a_b.example.org',
  `${'a'.repeat(64)}.example.org`,
  'xn--a',
  '256.1.1.1',
];

const PUBLIC_HOSTS = [
  'example.org',
  'EXAMPLE.org',
  'hooks.slack.com',
  'bücher.example.com',
  'xn--bcher-kva.example.com',
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '192.167.255.255',
  '169.253.255.255',
  '[2606:4700::1111]',
  '[2a00:1450:4001:800::200e]',
  'localhost.example.org',
  '127.0.0.1.example.org',
  'internal.example.org',
];

const STRANGE_URLS: [string, string][] = [
  ['http://example.org/', 'scheme'],
  ['file:///etc/passwd', 'scheme'],
  ['gopher://127.0.0.1:70/_', 'scheme'],
  ['ftp://example.org/', 'scheme'],
  ['javascript:alert(1)', 'scheme'],
  ['data:text/plain,x', 'scheme'],
  ['//example.org/', 'scheme'],
  ['', 'scheme'],
  ['https:example.org', 'unreadable'],
  ['https:///127.0.0.1/', 'unreadable'],
  ['https:/\\127.0.0.1/', 'unreadable'],
  ['https://example.org\\@127.0.0.1/', 'unreadable'],
  ['https://exam\tple.org/', 'unreadable'],
  ['https://example.org/\r\nHost: x', 'unreadable'],
  [' https://example.org/', 'unreadable'],
  ['https://exa\u00admple.org/', 'unreadable'],
  ['https://', 'unreadable'],
  ['https://[::1/', 'unreadable'],
  [`https://example.org/${'a'.repeat(3_000)}`, 'unreadable'],
  ['https://user:pass@example.org/', 'credentials'],
  ['https://user@example.org/', 'credentials'],
  ['https://@example.org/', 'credentials'],
  ['https://:@example.org/', 'credentials'],
  ['https://127.0.0.1@example.org/', 'credentials'],
  ['https://example.org:8443/', 'port'],
  ['https://example.org:80/', 'port'],
  ['https://example.org:22/', 'port'],
];

describe('judgeUrl', () => {
  it.each(PRIVATE_HOSTS)('refuses the host %s', (host) => {
    expect(judgeUrl(`https://${host}/hook`).url).toBeUndefined();
  });

  it.each(PUBLIC_HOSTS)('lets %s pass, on the port of https', (host) => {
    for (const port of ['', ':443'])
      expect(judgeUrl(`https://${host}${port}/hook?a=b`).fault).toBeUndefined();
  });

  it.each(STRANGE_URLS)('refuses %j for its %s', (text, fault) => {
    expect(judgeUrl(text)).toEqual({ fault });
  });

  it('lets tests have http and loopback, and still no credentials', () => {
    expect(judgeUrl('http://127.0.0.1:8080/', true).fault).toBeUndefined();
    expect(judgeUrl('http://u:p@127.0.0.1:8080/', true).fault).toBe('credentials');
    expect(judgeUrl('file:///etc/passwd', true).fault).toBe('scheme');
  });

  it('never throws, and never passes what the parser reads as another scheme or with credentials', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.webUrl({ withFragments: true, withQueryParameters: true }),
          fc.string({ unit: 'grapheme' }).map((text) => `https://${text}`),
        ),
        (text) => {
          const { url } = judgeUrl(text);
          if (url === undefined) return;
          expect([url.protocol, url.port, url.username, url.password]).toEqual(['https:', '', '', '']);
          expect(url.hostname).toContain(url.hostname.startsWith('[') ? ':' : '.');
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('isPublicAddress', () => {
  const inside = (first: number, size: number): fc.Arbitrary<string> =>
    fc.integer({ min: 0, max: size - 1 }).map((offset) => dotted(first + offset));
  const dotted = (value: number): string =>
    [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

  it('knows every address of the private ranges, and every spelling of them in IPv6', () => {
    const ranges = [
      [0x00000000, 2 ** 24],
      [0x0a000000, 2 ** 24],
      [0x64400000, 2 ** 22],
      [0x7f000000, 2 ** 24],
      [0xa9fe0000, 2 ** 16],
      [0xac100000, 2 ** 20],
      [0xc0000000, 2 ** 8],
      [0xc0000200, 2 ** 8],
      [0xc0a80000, 2 ** 16],
      [0xc6120000, 2 ** 17],
      [0xc6336400, 2 ** 8],
      [0xcb007100, 2 ** 8],
      [0xe0000000, 2 ** 28],
      [0xf0000000, 2 ** 28],
    ] as const;
    for (const [first, size] of ranges) {
      fc.assert(
        fc.property(inside(first, size), (address) => {
          const spellings = [address, `::ffff:${address}`, `::${address}`, `64:ff9b::${address}`];
          for (const spelling of spellings)
            expect({ spelling, is: isPublicAddress(spelling) }).toEqual({ spelling, is: false });
        }),
        { numRuns: 50 },
      );
    }
  });

  it('takes nothing for an address that is none', () => {
    for (const text of ['', 'localhost', '127.1', '1', '8.8.8', '8.8.8.8.', '08.8.8.8', '::1%lo', ' 8.8.8.8'])
      expect(isPublicAddress(text)).toBe(false);
  });
});
