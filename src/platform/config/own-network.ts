import ipaddr from 'ipaddr.js';

/** An address that is not public, or a name that no public server has. @param hostname as in a URL */
export function isOfOwnNetwork(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host)) return ipaddr.process(host).range() !== 'unicast';
  return (
    !host.includes('.') || /\.(?:local|localhost|internal|intranet|lan|home\.arpa|cluster\.local)$/.test(host)
  );
}
