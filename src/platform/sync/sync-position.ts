// Where a scan of a window stands, and where it goes from there. Pages come newest first. Two things make "page 7 of the window" a
// bad place to come back to: rows that arrive or go shift all later pages, and deep pages cost more and more. So the unread part of
// the window itself shrinks: after a page its end moves to just after the page's oldest row, and the first page of that is
// asked for. What lies at the edge is read twice, and a row that is there all the time cannot be skipped, whatever comes and goes around it.
//
// Numbers count only inside one millisecond that fills more than a page, and for as long as the announced total does not fall: a row
// that goes would shift the rest, so the instant is begun anew then. Upstreams with stable cursors keep theirs; they shrink the
// window only when they have to start over.
//
// A window is read in spans: all of it, or days where absence has to be proven; smaller ones while an upstream calls everything too
// large. Instants are Unix milliseconds, since positions are stored as JSON.

export interface SyncPosition {
  /** The span that is being read: from here (inclusive) to `spanToMs` (exclusive). */
  readonly spanFromMs: number;
  readonly spanToMs: number;
  /** What is unread of it lies before this instant. */
  readonly unreadToMs: number;
  /** End of the window that is asked for: the unread one, and where a cursor is followed, the one that the cursor was made for. */
  readonly askedToMs: number;
  readonly cursor: string | null;
  /** What the page before announced, where the cursor is a page's number. */
  readonly numberedTotal: number | null;
  readonly limit: number;
  /** Pages since the limit was last halved; null = it never was. */
  readonly goodPages: number | null;
  /** Longest span that is asked for; null = no bound was needed yet. */
  readonly mostSpanMs: number | null;
  /** Pages of this span so far. */
  readonly pages: number;
  /** Rows of these pages, read twice counted twice. */
  readonly rows: number;
  /** What the first page of the span announced. */
  readonly total: number | null;
  /** Every row of the span so far was recognised, so what has not come by its end is not there. */
  readonly isProvable: boolean;
  /** Of a verify run: the upstream's count that did not agree, which is why the span is read. */
  readonly mismatch: number | null;
}

export interface Reading {
  readonly fromMs: number;
  readonly toMs: number;
  readonly paging: 'numbered' | 'cursor';
  readonly cut: 'whole' | 'days';
  readonly limit: { readonly most: number; readonly least: number };
}

/** What a page says, as far as the way from it is concerned. */
export interface PageFacts {
  /** Times of its rows as they came. */
  readonly timesMs: readonly number[];
  readonly refusedCount: number;
  /** A refused row that does not tell its key. */
  readonly hasUnknown: boolean;
  readonly next: string | null;
  readonly total: number | null;
}

/** Where to go on, or what is wrong with the page. */
export type Step =
  { readonly position: SyncPosition; readonly isSpanDone: boolean } | { readonly fault: string };

const DAY_MS = 86_400_000;
/** After so many pages without complaint a halved limit is doubled. */
const PAGES_TO_TRUST = 8;
/** Shorter spans are not tried: what is too large then will stay so. */
export const LEAST_SPAN_MS = 1_000;
/** No span has so many pages; an upstream without totals is stopped here. */
export const MOST_PAGES = 200_000;

/** null = the window is empty. */
export function startOf(reading: Reading): SyncPosition | null {
  return spanBefore(reading, reading.toMs, { limit: reading.limit.most, goodPages: null, mostSpanMs: null });
}

/** The span after one that is done; null = the window is done. */
export function nextSpan(reading: Reading, position: SyncPosition): SyncPosition | null {
  const { mostSpanMs } = position;
  return spanBefore(reading, position.spanFromMs, {
    ...position,
    mostSpanMs: mostSpanMs === null ? null : mostSpanMs * 2,
  });
}

function spanBefore(
  reading: Reading,
  toMs: number,
  { limit, goodPages, mostSpanMs }: Pick<SyncPosition, 'limit' | 'goodPages' | 'mostSpanMs'>,
): SyncPosition | null {
  if (toMs <= reading.fromMs) return null;
  const cutMs = reading.cut === 'days' ? Math.floor((toMs - 1) / DAY_MS) * DAY_MS : reading.fromMs;
  return {
    spanFromMs: Math.max(reading.fromMs, cutMs, mostSpanMs === null ? -Infinity : toMs - mostSpanMs),
    spanToMs: toMs,
    unreadToMs: toMs,
    askedToMs: toMs,
    cursor: null,
    numberedTotal: null,
    limit,
    goodPages,
    mostSpanMs,
    pages: 0,
    rows: 0,
    total: null,
    isProvable: true,
    mismatch: null,
  };
}

/** Where to go after a page that was asked for at `position`. */
export function afterPage(reading: Reading, position: SyncPosition, page: PageFacts): Step {
  const isInside = (timeMs: number): boolean => timeMs >= position.spanFromMs && timeMs < position.unreadToMs;
  const inside = page.timesMs.filter(isInside);
  const fault = faultOf(reading.paging === 'numbered', position, page, inside);
  if (fault !== null) return { fault };
  const { limit, goodPages } = grown(reading, position);
  const read: SyncPosition = {
    ...position,
    limit,
    goodPages,
    pages: position.pages + 1,
    rows: position.rows + page.timesMs.length + page.refusedCount,
    total: position.pages === 0 ? page.total : position.total,
    isProvable: position.isProvable && !page.hasUnknown,
  };
  if (position.numberedTotal !== null && page.total !== null && page.total < position.numberedTotal)
    return { position: { ...read, cursor: null, numberedTotal: null }, isSpanDone: false };
  if (page.next === null) return { position: read, isSpanDone: true };
  if (reading.paging === 'cursor')
    return {
      position: { ...read, cursor: page.next, unreadToMs: edgeOf(inside, position.unreadToMs) },
      isSpanDone: false,
    };
  // Rows that cannot be read, or lie where nobody asked for them, may stand anywhere on the page: the edge is not known then.
  const isWhole = page.refusedCount === 0 && inside.length === page.timesMs.length;
  const unreadToMs = isWhole ? edgeOf(inside, position.unreadToMs) : position.unreadToMs;
  const isOneInstant = inside[0] === inside.at(-1);
  // A page of one instant is the first page of its edge as well, so the count goes on from it; else it begins anew.
  const goesOn = unreadToMs === position.unreadToMs || (isOneInstant && position.cursor === null);
  // A number means something only together with its limit.
  const cursor = goesOn && limit === position.limit ? page.next : null;
  const numberedTotal = cursor === null ? null : page.total;
  return {
    position: { ...read, unreadToMs, askedToMs: unreadToMs, cursor, numberedTotal },
    isSpanDone: false,
  };
}

function edgeOf(inside: readonly number[], unreadToMs: number): number {
  return Math.min(unreadToMs, (inside.at(-1) ?? Infinity) + 1);
}

function faultOf(
  isNumbered: boolean,
  position: SyncPosition,
  page: PageFacts,
  inside: readonly number[],
): string | null {
  const { timesMs } = page;
  if (timesMs.some(Number.isNaN)) return 'a row has no time';
  if (timesMs.length + page.refusedCount === 0 && page.next !== null && isNumbered)
    return 'a page is empty although more are announced';
  if (timesMs.length > 0 && inside.length === 0)
    return 'no row of a page lies in the window that was asked for';
  if (inside.some((timeMs, index) => index > 0 && timeMs > inside[index - 1]!))
    return 'the rows of a page are not in order, newest first';
  if (position.pages >= MOST_PAGES) return `the pages do not end: ${MOST_PAGES} of them`;
  // At a limit of one every row but the first comes twice; beyond three times nobody is telling the truth.
  const total = position.total ?? page.total;
  const most = total === null ? Infinity : 3 * total + 10 * Math.max(position.limit, 100);
  if (position.rows + timesMs.length > most)
    return `the pages do not end: ${total} rows were announced, ${position.rows} have come`;
  return null;
}

/** A limit that was halved comes back when nothing complains. A page's number would lose its meaning, so not amid an instant. */
function grown(
  reading: Reading,
  { limit, goodPages, cursor }: SyncPosition,
): Pick<SyncPosition, 'limit' | 'goodPages'> {
  if (goodPages === null) return { limit, goodPages };
  const isAmid = reading.paging === 'numbered' && cursor !== null;
  if (goodPages + 1 < PAGES_TO_TRUST || isAmid) return { limit, goodPages: goodPages + 1 };
  const doubled = Math.min(reading.limit.most, limit * 2);
  return { limit: doubled, goodPages: doubled === reading.limit.most ? null : 0 };
}

/** A smaller request for the same rows: half the page, then half the span. null = nothing smaller is worth asking for. */
export function afterTooLarge(reading: Reading, position: SyncPosition): SyncPosition | null {
  const { limit, spanFromMs, unreadToMs } = position;
  const isNumbered = reading.paging === 'numbered';
  const halved: SyncPosition = {
    ...position,
    goodPages: 0,
    limit: Math.max(reading.limit.least, Math.floor(limit / 2)),
    cursor: isNumbered ? null : position.cursor,
    numberedTotal: null,
  };
  if (limit > reading.limit.least) return halved;
  const lengthMs = unreadToMs - spanFromMs;
  if (lengthMs < 2 * LEAST_SPAN_MS) return null;
  const mostSpanMs = Math.ceil(lengthMs / 2);
  return {
    ...halved,
    cursor: null,
    askedToMs: unreadToMs,
    mostSpanMs,
    spanFromMs: unreadToMs - mostSpanMs,
    // The total spoke of the longer span.
    total: null,
    isProvable: position.isProvable && position.pages === 0,
  };
}
