// The web client makes its list of servers from the first 200 rows of the unfiltered list, which goes by item name. A server
// whose items all come late in the alphabet would be missing there. So the first row of each such server ("late") is moved up
// to the end of that window; every other row keeps its place in the order by name.
//
// Invariant: the pages of any size together hold each row exactly once, and the first 200 rows show every server (as long as
// there are at most 200). With a catalogue whose first items are seen on all servers nothing is late and nothing moves.

export const WINDOW_ROWS = 200;

/** A page, as a span of the order by name without the late rows, and a span of the late rows. */
export interface Spans {
  offset: number;
  limit: number;
  lateFrom: number;
  lateTo: number;
}

/**
 * @param serverCount servers that have rows
 * @param lateCount servers whose first row stands at or behind {@link windowEnd} in the order by name
 */
export function spansOf(
  page: { offset: number; limit: number },
  serverCount: number,
  lateCount: number,
): Spans {
  const end = windowEnd(serverCount);
  const within = (position: number): number => Math.min(lateCount, Math.max(0, position - end));
  const lateFrom = within(page.offset);
  const lateTo = within(page.offset + page.limit);
  return { offset: page.offset - lateFrom, limit: page.limit - (lateTo - lateFrom), lateFrom, lateTo };
}

/** Position from which on late rows may stand: the window without a place for each server. */
export function windowEnd(serverCount: number): number {
  return Math.max(0, WINDOW_ROWS - serverCount);
}
