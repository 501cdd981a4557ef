import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_PARENT, type Span, SpanContext } from './span.js';
import { compactSpans, serverTiming, timingTree, type TimingNode } from './span-tree.js';

const context = new SpanContext('request', '', 'r', true);
const ms = fc.integer({ min: 0, max: 1e7 }).map((us) => us / 1_000);

/** Spans as they come into being: each lies in an earlier one or directly below the request. */
const spans = fc
  .array(
    fc.record({
      operation: fc.string({ unit: 'binary' }),
      startMs: ms,
      durationMs: ms,
      isError: fc.boolean(),
      at: fc.nat(),
    }),
    { maxLength: 20 },
  )
  .map((list): Span[] =>
    list.map(({ at, ...span }, index) => ({ ...span, parent: (at % (index + 1)) - 1, context })),
  );

function flatten(nodes: TimingNode[]): TimingNode[] {
  return nodes.flatMap((node) => [node, ...flatten(node.children ?? [])]);
}

describe('timingTree', () => {
  it('holds every span once, inside of its parent', () => {
    fc.assert(
      fc.property(spans, (list) => {
        const tree = timingTree(list);
        expect(tree).toHaveLength(list.filter(({ parent }) => parent === NO_PARENT).length);
        const found = flatten(tree).map(({ operation, startMs }) => [operation, startMs]);
        const given = list.map(({ operation, startMs }) => [operation, startMs]);
        expect(found.map(String).sort()).toEqual(given.map(String).sort());
      }),
    );
  });
});

describe('compactSpans', () => {
  it('is JSON that says everything, in text that PostgreSQL takes', () => {
    fc.assert(
      fc.property(spans, (list) => {
        const text = compactSpans(list);
        expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/i);
        const read = JSON.parse(text) as [string, number, number, number?, number?][];
        expect(read).toHaveLength(list.length);
        read.forEach(([operation, startMs, durationMs, parent = NO_PARENT, isError = 0], index) => {
          const span = list[index]!;
          expect(operation).toBe(span.operation.toWellFormed().replaceAll('\0', ''));
          expect([startMs, durationMs, parent, isError === 1]).toEqual([
            span.startMs,
            span.durationMs,
            span.parent,
            span.isError,
          ]);
        });
      }),
    );
  });
});

describe('serverTiming', () => {
  it('is a header, whatever the operations are called, with the longest first', () => {
    fc.assert(
      fc.property(spans, ms, (list, totalMs) => {
        const header = serverTiming(totalMs, list, 5);
        expect(header).toMatch(/^[\w.!#$%&'*+^`|~-]+;dur=[\d.]+(, [\w.!#$%&'*+^`|~-]*;dur=[\d.]+){0,5}$/);
        const shown = [...header.matchAll(/dur=([\d.]+)/g)].slice(1).map((match) => Number(match[1]));
        expect(shown).toEqual([...shown].sort((a, b) => b - a));
        expect(shown).toHaveLength(Math.min(5, list.length));
      }),
    );
  });

  it('leaves out what has not ended', () => {
    const open: Span = { operation: 'x', startMs: 1, durationMs: -1, isError: false, parent: -1, context };
    expect(serverTiming(2, [open], 5)).toBe('total;dur=2.00');
  });
});
