// The original's database keeps microseconds and its API writes `+00:00` where JavaScript writes `Z`. Clients send
// microseconds (Python's isoformat), so they are kept through to the answer; a JavaScript Date would drop them.

const FRACTION = /\.(\d+)Z$/;

/** Unix milliseconds of an ISO instant in `Z`, with its microseconds as the fraction; NaN when it is none. */
export function parseInstantMs(text: string): number {
  const fraction = FRACTION.exec(text)?.[1] ?? '';
  return Date.parse(text) + Number(fraction.slice(3, 6).padEnd(3, '0')) / 1_000;
}

/**
 * @param utc `2026-11-21T11:00:00.123000`, as PostgreSQL writes it
 * @returns `2026-11-21T11:00:00.123+00:00`; six digits only where the last three say something
 */
export function formatInstant(utc: string): string {
  return `${utc.endsWith('000') ? utc.slice(0, -3) : utc}+00:00`;
}
