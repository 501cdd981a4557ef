// Where a device signed in from, coarse enough to be no address of a person: the network of an IPv4 address (/24) or of an
// IPv6 one (/48).

const IPV4 = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/i;

/** The network of an address as a socket gives it, or null when the text is none. */
export function ipPrefix(address: string | undefined): string | null {
  if (address === undefined) return null;
  const v4 = IPV4.exec(address)?.[1];
  if (v4 !== undefined) return `${v4}.0/24`;
  if (!/^[0-9a-f:]+(?:%\w+)?$/i.test(address) || !address.includes(':')) return null;
  return `${expandedGroups(address.split('%', 1)[0]!).slice(0, 3).join(':')}::/48`;
}

/** The eight groups, zeros spelled out; fewer when the text is no address. */
function expandedGroups(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return groups.map((group) => group.replace(/^0+(?=.)/, ''));
}
