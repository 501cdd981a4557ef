// What the processes of the benchmark of Destiny's refreshes agree on.

export const BUNGIE_CLIENT = { id: '10001', secret: 'secret-of-the-benchmarks' } as const;
export const BUNGIE_KEY = 'key-of-the-benchmarks';
/** Of the installation; whoever seals and whoever opens must have the same. */
export const SECRETS_KEY = 'benchmark:Zm9ydHktdHdvIGtleXMgb2YgYSBzbWFsbCBib2F0IGE=';

export const CALLS_PER_SECOND = 25;

export type BungieRequest =
  | { kind: 'open'; players: number }
  /** Between two instants, from the first inclusive to the second exclusive. */
  | { kind: 'count'; fromMs: number; untilMs: number };

/** A player who has connected. */
export interface LinkedPlayer {
  bungieId: string;
  membershipType: number;
  membershipId: string;
  accessToken: string;
  refreshToken: string;
}

export interface OpenBungie {
  url: string;
  players: LinkedPlayer[];
  /** Of one answer with a whole profile. */
  profileBytes: number;
}

export interface BungieCalls {
  /** That the rate rule counts. */
  calls: number;
  /** Refused by it. */
  over: number;
  /** Profiles that were given. */
  profiles: number;
  /** Profiles of another player than the token's, or without one. */
  foreign: number;
}

export type LinkRequest =
  { kind: 'link'; databaseUrl: string; bungieUrl: string; players: LinkedPlayer[] } | { kind: 'start' };
