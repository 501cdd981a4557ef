import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { spansOf, WINDOW_ROWS, windowEnd } from './every-server.js';

/** Servers of the rows in the order by name. */
const world = fc
  .record({ servers: fc.integer({ min: 1, max: 40 }), rows: fc.array(fc.nat(), { maxLength: 700 }) })
  .map(({ servers, rows }) =>
    rows.map((row, index) => ({ id: index, server: Math.floor((row % servers) * (index / 400)) })),
  );

interface Row {
  id: number;
  server: number;
}

/** What the database does: the late rows, and the rows without them. */
function arrange(rows: readonly Row[]) {
  const firsts = new Map<number, Row>();
  for (const row of rows) if (!firsts.has(row.server)) firsts.set(row.server, row);
  const end = windowEnd(firsts.size);
  const late = [...firsts.values()].filter((row) => row.id >= end);
  return { late, others: rows.filter((row) => !late.includes(row)), serverCount: firsts.size };
}

function pageOf(rows: readonly Row[], page: { offset: number; limit: number }): Row[] {
  const { late, others, serverCount } = arrange(rows);
  const { offset, limit, lateFrom, lateTo } = spansOf(page, serverCount, late.length);
  return [...others.slice(offset, offset + limit), ...late.slice(lateFrom, lateTo)].sort(
    (a, b) => a.id - b.id,
  );
}

describe('the unfiltered list', () => {
  it('shows every server in its first 200 rows, by name', () => {
    fc.assert(
      fc.property(world, (rows) => {
        const shown = pageOf(rows, { offset: 0, limit: WINDOW_ROWS });
        expect(shown).toHaveLength(Math.min(rows.length, WINDOW_ROWS));
        expect(new Set(shown.map((row) => row.server))).toEqual(new Set(rows.map((row) => row.server)));
        expect(shown.map((row) => row.id)).toEqual(shown.map((row) => row.id).sort((a, b) => a - b));
      }),
    );
  });

  it('holds each row once, whatever the size of its pages', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 300 }), (rows, limit) => {
        const seen: number[] = [];
        for (let offset = 0; offset < rows.length; offset += limit)
          seen.push(...pageOf(rows, { offset, limit }).map((row) => row.id));
        expect(seen.sort((a, b) => a - b)).toEqual(rows.map((row) => row.id));
      }),
    );
  });

  it('is the order by name where no server is late', () => {
    const rows = Array.from({ length: 500 }, (_, id) => ({ id, server: id % 13 }));
    expect(pageOf(rows, { offset: 150, limit: 100 })).toEqual(rows.slice(150, 250));
  });
});
