import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  afterPage,
  afterTooLarge,
  LEAST_SPAN_MS,
  nextSpan,
  type Reading,
  startOf,
  type SyncPosition,
} from './sync-position.js';

const DAY_MS = 86_400_000;

interface Row {
  id: number;
  atMs: number;
}

/** What a request sees: newest first, ties by id. */
function listed(rows: readonly Row[], { spanFromMs, askedToMs }: SyncPosition): Row[] {
  return rows
    .filter(({ atMs }) => atMs >= spanFromMs && atMs < askedToMs)
    .sort((a, b) => b.atMs - a.atMs || a.id - b.id);
}

interface Walk {
  seen: Set<number>;
  pages: number;
}

/**
 * Walks through a world that may change between pages.
 * @param change called before each page with its number
 * @param isTooLarge whether the upstream calls a request too large
 */
function walk(
  reading: Reading,
  world: { rows: Row[] },
  change: (page: number) => void = () => undefined,
  isTooLarge: (position: SyncPosition) => boolean = () => false,
): Walk {
  const result: Walk = { seen: new Set(), pages: 0 };
  let position = startOf(reading);
  let cursors: readonly Row[] = [];
  while (position !== null) {
    if (isTooLarge(position)) {
      const smaller = afterTooLarge(reading, position);
      if (smaller === null) throw new Error('nothing smaller is left');
      position = smaller;
      continue;
    }
    result.pages += 1;
    if (result.pages > 5_000) throw new Error('the walk does not end');
    change(result.pages);
    const all = listed(world.rows, position);
    const before = position.cursor === null ? undefined : cursors[Number(position.cursor)];
    const unread =
      reading.paging === 'numbered'
        ? all.slice((Number(position.cursor ?? 1) - 1) * position.limit)
        : all.filter((row) => before === undefined || isAfter(row, before));
    const shown = unread.slice(0, position.limit);
    for (const { id } of shown) result.seen.add(id);
    const isLast = shown.length === unread.length;
    cursors = [...cursors, ...shown.slice(-1)];
    const next =
      reading.paging === 'numbered' ? String(Number(position.cursor ?? 1) + 1) : String(cursors.length - 1);
    const step = afterPage(reading, position, {
      timesMs: shown.map(({ atMs }) => atMs),
      refusedCount: 0,
      hasUnknown: false,
      next: isLast ? null : next,
      total: reading.paging === 'numbered' ? all.length : null,
    });
    if ('fault' in step) throw new Error(step.fault);
    position = step.isSpanDone ? nextSpan(reading, step.position) : step.position;
  }
  return result;
}

function isAfter(row: Row, before: Row): boolean {
  return row.atMs < before.atMs || (row.atMs === before.atMs && row.id > before.id);
}

const READING = fc.record({
  fromMs: fc.constant(0),
  toMs: fc.constant(3 * DAY_MS),
  paging: fc.constantFrom('numbered' as const, 'cursor' as const),
  cut: fc.constantFrom('whole' as const, 'days' as const),
  limit: fc.record({ most: fc.integer({ min: 1, max: 12 }), least: fc.constant(1) }),
});
/** Many rows share their instant; some lie at the very edges. */
const TIME = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((step) => step * 40_000_000),
  fc.constantFrom(0, DAY_MS - 1, DAY_MS, 3 * DAY_MS - 1),
  fc.integer({ min: 0, max: 3 * DAY_MS - 1 }),
);
const ROWS = fc.array(TIME, { maxLength: 80 }).map((times) => times.map((atMs, id): Row => ({ id, atMs })));

describe('a walk', () => {
  it('meets every row of its window once or at an edge, and ends', () => {
    fc.assert(
      fc.property(READING, ROWS, (reading, rows) => {
        const { seen, pages } = walk(reading, { rows });
        expect([...seen].sort((a, b) => a - b)).toEqual(rows.map(({ id }) => id));
        const days = reading.cut === 'days' ? 3 : 1;
        expect(pages).toBeLessThanOrEqual(2 * rows.length + 2 * days);
      }),
    );
  });

  it('P8: skips no row that is there all the time, whatever comes and goes around it', () => {
    fc.assert(
      fc.property(
        READING,
        // Each instant has at most one row, so no page is numbered inside of one.
        fc.uniqueArray(fc.integer({ min: 0, max: 3 * DAY_MS - 1 }), { maxLength: 60 }),
        fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.boolean(), fc.nat()), {
          maxLength: 30,
          // One deletion and one insertion between two pages of one instant look like none.
          selector: ([page]) => page,
        }),
        (reading, times, changes) => {
          const world = { rows: times.map((atMs, id): Row => ({ id, atMs })) };
          const before = world.rows;
          const { seen } = walk(reading, world, (page) => {
            for (const [, isInsert, value] of changes.filter(([when]) => when === page)) {
              const atMs = value % (3 * DAY_MS);
              if (!isInsert)
                world.rows = world.rows.filter((row) => row !== world.rows[value % world.rows.length]);
              else if (world.rows.every((row) => row.atMs !== atMs))
                world.rows = [...world.rows, { id: 1_000 + world.rows.length + value, atMs }];
            }
          });
          const stayed = before.filter((row) => world.rows.includes(row));
          expect(stayed.filter(({ id }) => !seen.has(id))).toEqual([]);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('P12: gets through an upstream that calls large pages or long windows too large', () => {
    fc.assert(
      fc.property(
        READING,
        ROWS,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: LEAST_SPAN_MS, max: 4 * DAY_MS }),
        (reading, rows, mostLimit, mostSpanMs) => {
          const { seen } = walk(
            reading,
            { rows },
            undefined,
            ({ limit, askedToMs, spanFromMs }) =>
              limit > mostLimit || (limit > 1 && askedToMs - spanFromMs > mostSpanMs),
          );
          expect(seen.size).toBe(rows.length);
        },
      ),
    );
  });
});

describe('afterPage', () => {
  const reading: Reading = {
    fromMs: 0,
    toMs: 1_000,
    paging: 'numbered',
    cut: 'whole',
    limit: { most: 3, least: 1 },
  };
  const page = { refusedCount: 0, hasUnknown: false, next: '2', total: 9 };
  const start = startOf(reading)!;
  const faultOf = (timesMs: number[], more = {}): string | undefined => {
    const step = afterPage(reading, start, { ...page, timesMs, ...more });
    return 'fault' in step ? step.fault : undefined;
  };

  it('names what cannot be followed', () => {
    expect(faultOf([900, 800, 700])).toBeUndefined();
    expect(faultOf([700, 800])).toMatch('order');
    expect(faultOf([1_500, 1_400])).toMatch('window');
    expect(faultOf([NaN])).toMatch('no time');
    expect(faultOf([])).toMatch('empty');
    expect(faultOf([900], { total: -1_000 })).toMatch('do not end');
  });

  it('goes on by number where a row could not be read, since that may stand anywhere', () => {
    const step = afterPage(reading, start, { ...page, timesMs: [900, 800], refusedCount: 1 });
    expect(step).toMatchObject({ position: { cursor: '2', unreadToMs: 1_000 }, isSpanDone: false });
    const known = afterPage(reading, start, { ...page, timesMs: [900, 800, 800] });
    expect(known).toMatchObject({ position: { cursor: null, unreadToMs: 801, isProvable: true } });
  });

  it('proves nothing once a row has no key', () => {
    const step = afterPage(reading, start, { ...page, timesMs: [900], refusedCount: 1, hasUnknown: true });
    expect(step).toMatchObject({ position: { isProvable: false } });
  });
});

describe('afterTooLarge', () => {
  it('gives up when a single row of a second is too large', () => {
    const reading: Reading = {
      fromMs: 0,
      toMs: LEAST_SPAN_MS + 1,
      paging: 'cursor',
      cut: 'whole',
      limit: { most: 4, least: 1 },
    };
    let position: SyncPosition | null = startOf(reading);
    const limits: number[] = [];
    while (position !== null) {
      limits.push(position.limit);
      position = afterTooLarge(reading, position);
    }
    expect(limits).toEqual([4, 2, 1]);
  });
});
