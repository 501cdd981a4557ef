import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isPublicAddress, unbracketed } from './address-guard.js';

// The address is judged in the moment of the connection, on the very answer that the connection uses: a name that was public
// when it was checked and is not when it is called (DNS rebinding) gets no packet. Answers that mix public and other addresses are
// refused whole: nobody has one by accident.

/** Answers a name with its addresses; the system's own in production. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The address behind a name, or the literal address of a URL, is none that may be called. */
export class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError';

  constructor() {
    super('The address may not be called');
  }
}

/** A connector for undici that reaches those addresses only that are allowed: public ones unless said otherwise. */
export function guardedConnector(
  connectTimeoutMs: number,
  resolve: Resolve = systemLookup,
  isAllowed: (address: string) => boolean = isPublicAddress,
): buildConnector.connector {
  const connect = buildConnector({ timeout: connectTimeoutMs, lookup: guardedLookup(resolve, isAllowed) });
  return (options, callback) => {
    // node:net looks names up and takes literal addresses as they are.
    const host = unbracketed(options.hostname);
    if (/^[\d.]+$|:/.test(host) && !isAllowed(host)) callback(new BlockedAddressError(), null);
    else connect(options, callback);
  };
}

function guardedLookup(resolve: Resolve, isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) callback(error ?? new Error('ENOTFOUND'), '', 0);
      else if (!addresses.every(({ address }) => isAllowed(address)))
        callback(new BlockedAddressError(), '', 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
