import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

// Which URLs a user may have us call. An attacker's URL aims at what only this machine reaches: loopback, the private
// network, a cloud's metadata. A name can also be answered differently a second later (DNS rebinding), so this file judges
// twice: the URL when it is given (`judgeUrl`) and every address when a connection is made (`isPublicAddress`, called by the
// lookup of the guarded connector). What cannot be read is refused; only what is known to be public passes.

/** Why a URL is refused. */
export type UrlFault = 'unreadable' | 'scheme' | 'credentials' | 'port' | 'host';

export type JudgedUrl =
  { readonly url: URL; readonly fault?: never } | { readonly url?: never; readonly fault: UrlFault };

const LONGEST_URL = 2_048;
/** One spelling of the beginning: parsers disagree about the others (`https:host`, `https:///host`, backslashes). */
const READABLE = /^(https?):\/\/[^/\\]/i;
// Parsers drop some of these and keep others.
const STRANGE = /[\s\\\p{Cc}\p{Cf}]/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Names that never lead to the public internet (RFC 6761, 6762, 7686, 8375, 9476 and common private ones). */
const PRIVATE_ENDINGS = new Set(
  'localhost local localdomain internal intranet private corp home lan arpa onion test invalid example alt svc'.split(
    ' ',
  ),
);
/** Metadata and agents of clouds at addresses that no registry marks as special. */
const SPECIAL_ADDRESSES = new Set(['168.63.129.16']);

/**
 * Judges a URL that a user has given: https on port 443 at a public name or address, without credentials.
 * @param isPrivateAllowed tests only: http, any port and any address pass too
 */
export function judgeUrl(text: string, isPrivateAllowed = false): JudgedUrl {
  if (text.length > LONGEST_URL || STRANGE.test(text)) return { fault: 'unreadable' };
  const scheme = READABLE.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return { fault: /^https?:/i.test(text) ? 'unreadable' : 'scheme' };
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { fault: 'unreadable' };
  }
  if (url.username !== '' || url.password !== '' || authorityOf(text).includes('@'))
    return { fault: 'credentials' };
  if (isPrivateAllowed) return { url };
  if (url.protocol !== 'https:') return { fault: 'scheme' };
  if (url.port !== '') return { fault: 'port' };
  return isPublicHost(url.hostname) ? { url } : { fault: 'host' };
}

function authorityOf(text: string): string {
  return /^[a-z]+:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';
}

/** @param hostname as the URL parser leaves it: lower case, IDN in ASCII, every spelling of an IPv4 address in four decimals */
function isPublicHost(hostname: string): boolean {
  const literal = unbracketed(hostname);
  if (isIP(literal) !== 0) return isPublicAddress(literal);
  const labels = hostname.split('.');
  if (labels.length < 2 || hostname.length > 253 || !labels.every((label) => LABEL.test(label))) return false;
  return !PRIVATE_ENDINGS.has(labels.at(-1)!);
}

/** IPv6 addresses stand in brackets in URLs. */
export function unbracketed(hostname: string): string {
  return hostname.startsWith('[') && hostname.endsWith(']') ? hostname.slice(1, -1) : hostname;
}

/** Of the machine itself or of a private network (RFC 1918, RFC 4193); IPv4 in IPv6 counts as what it wraps. */
const OWN_RANGES = new Set(['loopback', 'private', 'uniqueLocal']);

export function isOwnNetworkAddress(text: string): boolean {
  return isIP(text) !== 0 && OWN_RANGES.has(ipaddr.process(text).range());
}

/**
 * Whether an address belongs to the public internet. Everything that a registry marks as special is not: loopback, private,
 * link-local, carrier-grade NAT, documentation, benchmarking, multicast, and IPv6 addresses that wrap an IPv4 one (mapped,
 * NAT64, 6to4, Teredo), whatever they wrap.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv6) return address.parts[0]! >> 13 === 1; // 2000::/3, all that has been given out
  return !SPECIAL_ADDRESSES.has(address.toString());
}
