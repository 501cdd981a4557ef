/** What one file may hold. Larger ones are refused as soon as the limit is passed, whatever comes after. */
export interface ReadLimits {
  /** Unpacked. */
  readonly bytes: number;
  readonly points: number;
  /** FIT files are taken whole before they are read: their checksum stands at the end. */
  readonly fitBytes: number;
  readonly activities: number;
  readonly laps: number;
}

const MIB = 1_048_576;

/** Ten days at one point a second, in the wordiest GPX. */
export const READ_LIMITS: ReadLimits = {
  bytes: 768 * MIB,
  points: 2_000_000,
  fitBytes: 64 * MIB,
  activities: 500,
  laps: 10_000,
};

/** GPX with extensions is seven deep, TCX nine. */
export const MOST_DEPTH = 40;
/** Characters of a name, a description or a tag; what is stored of texts is shorter still. */
export const MOST_TEXT = 1_048_576;
/** A month: the longest race on foot takes 52 days, but nobody's watch writes it as one activity. */
export const LONGEST_MS = 31 * 86_400_000;
