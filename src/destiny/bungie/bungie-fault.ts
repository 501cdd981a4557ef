/**
 * Why Bungie gave no usable answer:
 * - `maintenance`: its API is switched off for a while; nothing that we hold has become void
 * - `throttled`: it asks to be called less often, or the installation's own budget is used up
 * - `sign_in_again`: the player's permission does not hold (any more)
 * - `private`: the player hides what was asked for
 * - `no_account`: there is no such Destiny account
 * - `key`: this installation has no API key, or Bungie does not take it
 * - `unreachable`: no answer, or one of its servers without a word of the API
 * - `malformed`: an answer that cannot be read
 * - `unexpected`: any other error of the API
 */
export type BungieFaultKind =
  | 'maintenance'
  | 'throttled'
  | 'sign_in_again'
  | 'private'
  | 'no_account'
  | 'key'
  | 'unreachable'
  | 'malformed'
  | 'unexpected';

const SENTENCES: Readonly<Record<BungieFaultKind, string>> = {
  maintenance: 'Bungie.net is down for maintenance.',
  throttled: 'Bungie.net asks to be called less often.',
  sign_in_again: 'Bungie.net no longer takes this permission; connect again.',
  private: 'The player keeps this private at Bungie.net.',
  no_account: 'Bungie.net knows no such Destiny account.',
  key: 'Bungie.net does not take the API key of this installation.',
  unreachable: 'Bungie.net does not answer.',
  malformed: 'Bungie.net answered what cannot be read.',
  unexpected: 'Bungie.net reports a fault of its own.',
};

export interface BungieFailure {
  /** Of PlatformErrorCodes; null where no word of the API came. */
  readonly errorCode?: number | null;
  /** Not to be called before so many milliseconds have passed; null = it does not say. */
  readonly retryAfterMs?: number | null;
  /** Which part of an answer cannot be read, by our own words. */
  readonly place?: string;
}

/** Made to be logged: our own words and a number, nothing of what was sent or came. */
export class BungieFault extends Error {
  override readonly name = 'BungieFault';
  readonly errorCode: number | null;
  readonly retryAfterMs: number | null;

  constructor(
    readonly kind: BungieFaultKind,
    { errorCode = null, retryAfterMs = null, place }: BungieFailure = {},
  ) {
    const details = [
      ...(errorCode === null ? [] : [`error ${errorCode}`]),
      ...(place === undefined ? [] : [place]),
    ];
    super(SENTENCES[kind] + (details.length === 0 ? '' : ` (${details.join(', ')})`));
    this.errorCode = errorCode;
    this.retryAfterMs = retryAfterMs;
  }
}

/** @param place which part, in our own words */
export function malformed(place: string): BungieFault {
  return new BungieFault('malformed', { place });
}
