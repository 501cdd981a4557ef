import { NO_PARENT, type Span } from './span.js';

// Two shapes of the spans of one request: the compact list of every row, and the tree of a slow one.

/** Microseconds are as exact as it gets; more digits only cost room. */
const round = (ms: number): number => Math.round(ms * 1_000) / 1_000;

/** One operation with what ran inside of it. Times in milliseconds, starts since the start of the request. */
export interface TimingNode {
  operation: string;
  startMs: number;
  durationMs: number;
  isError?: true;
  details?: Readonly<Record<string, number>>;
  children?: TimingNode[];
}

/** The operations directly below the request, each with those inside of it, in the order of their starts. */
export function timingTree(spans: readonly Span[]): TimingNode[] {
  const nodes = spans.map((span): TimingNode => ({
    operation: span.operation,
    startMs: round(span.startMs),
    durationMs: round(span.durationMs),
    ...(span.isError ? { isError: true } : {}),
    ...(span.details === undefined ? {} : { details: span.details }),
  }));
  const roots: TimingNode[] = [];
  spans.forEach((span, index) => {
    const around = span.parent === NO_PARENT ? undefined : nodes[span.parent];
    if (around === undefined) roots.push(nodes[index]!);
    else (around.children ??= []).push(nodes[index]!);
  });
  return roots;
}

/** Quoted names of operations and keys: few, and asked for on every request. */
const quoted = new Map<string, string>();
const MOST_QUOTED = 2_000;

/**
 * The spans as JSON text: `[operation, startMs, durationMs, parent, isError, details]` each, where `parent` is the index of the
 * span around it or -1, and what is -1, 0 or nothing at the end is left out. Built by hand, since it is built on every request.
 */
export function compactSpans(spans: readonly Span[]): string {
  let text = '[';
  for (const { operation, startMs, durationMs, parent, isError, details } of spans) {
    if (text.length > 1) text += ',';
    text += `[${quote(operation)},${round(startMs)},${round(durationMs)}`;
    if (details !== undefined) text += `,${parent},${isError ? 1 : 0},${JSON.stringify(details)}`;
    else if (isError) text += `,${parent},1`;
    else if (parent !== NO_PARENT) text += `,${parent}`;
    text += ']';
  }
  return `${text}]`;
}

/** A name as JSON text that PostgreSQL takes. */
export function quote(name: string): string {
  const known = quoted.get(name);
  if (known !== undefined) return known;
  if (quoted.size >= MOST_QUOTED) quoted.clear();
  const text = JSON.stringify(storable(name));
  quoted.set(name, text);
  return text;
}

/** PostgreSQL's text and jsonb take neither NUL nor half a surrogate pair. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

/** The value of a Server-Timing header: the whole, and the longest operations. @param most how many of them */
export function serverTiming(totalMs: number, spans: readonly Span[], most: number): string {
  const longest = spans.filter((span) => span.durationMs >= 0).sort((a, b) => b.durationMs - a.durationMs);
  const parts = longest
    .slice(0, most)
    .map(({ operation, durationMs }) => `${metricName(operation)};dur=${durationMs.toFixed(2)}`);
  return [`total;dur=${totalMs.toFixed(2)}`, ...parts].join(', ');
}

/** A token of RFC 9110; what else may be in a name becomes an underscore. */
function metricName(operation: string): string {
  return operation.replace(/[^\w.!#$%&'*+^`|~-]/g, '_');
}
