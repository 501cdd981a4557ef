import { AsyncLocalStorage } from 'node:async_hooks';
import { isPromise } from 'node:util/types';

// What runs on whose behalf, and where its time goes. The one AsyncLocalStorage of the process holds a frame: the context
// of a request or job, and the span inside of which this code runs. Spans lie flat in the context, each naming its parent,
// so that opening one is two stores and a push; the tree is put together only for those who read it.
//
// Invariants: a context holds at most MAX_SPANS spans and, of those that came later, the first MAX_TELLING_SPANS that were slow
// or failed; the rest is counted. A closed context takes none, so what a request left running in the background cannot grow it;
// outside of a context everything here does nothing.

/** Spans kept per context; of further ones only what is slow or fails. */
export const MAX_SPANS = 200;
/** Spans kept beyond MAX_SPANS because they were slow or failed. */
export const MAX_TELLING_SPANS = 50;
/** Parent of the spans that lie directly below the context. */
export const NO_PARENT = -1;

/** The operation of a request's handler. */
export const HANDLER = 'handler';

export type ContextKind = 'request' | 'job';

/** One timed operation. Times in milliseconds, `startMs` since the context's start. */
export interface Span {
  readonly operation: string;
  readonly startMs: number;
  /** Negative while the span is open. */
  durationMs: number;
  isError: boolean;
  /** Figures that belong to this very span, such as the status of a call; few spans have any. */
  details?: Readonly<Record<string, number>>;
  /** Index in `SpanContext.spans` of the nearest kept span around this one, or NO_PARENT. */
  readonly parent: number;
  readonly context: SpanContext;
}

/** Where code runs: in this context, inside of this span. */
interface Frame {
  readonly context: SpanContext;
  readonly parent: number;
}

/** A request or a job under way. */
export class SpanContext implements Frame {
  /** Monotonic clock at the start. */
  readonly startedMs = performance.now();
  readonly spans: Span[] = [];
  readonly context = this;
  /** The span that new ones lie in when no frame further in says otherwise. */
  parent = NO_PARENT;
  /** Spans beyond MAX_SPANS that are under way; undefined until there is one. */
  extraSpans: Set<Span> | undefined = undefined;
  /** Spans that were not kept. */
  omittedSpans = 0;
  /** Duration until the first byte of an answer that goes on for as long as its reader likes; undefined for others. */
  firstByteMs: number | undefined = undefined;
  isClosed = false;
  /** The account; undefined until it is known, and for strangers. */
  userId: string | undefined = undefined;
  conversationId: string | undefined = undefined;
  messageId: string | undefined = undefined;
  /** The unknown error that it ended with; undefined when it went well or as one may expect. */
  error: unknown = undefined;

  /**
   * @param endpoint `<METHOD> <pattern>` of a request once it is known, `job:<name>` of a job
   * @param isTimed false: only the names are kept, no spans
   * @param slowMs an operation that takes longer is kept even beyond MAX_SPANS
   */
  constructor(
    readonly kind: ContextKind,
    public endpoint: string,
    readonly requestId: string,
    readonly isTimed: boolean,
    readonly slowMs = Infinity,
  ) {}

  /** Milliseconds since the start, in steps of a microsecond. */
  elapsedMs(): number {
    return Math.round((performance.now() - this.startedMs) * 1_000) / 1_000;
  }
}

const storage = new AsyncLocalStorage<Frame | undefined>();
let isJobTimed = false;
let slowJobOperationMs = Infinity;
let isAskedFor: (error: unknown) => boolean = () => false;
let onJobEnd: ((context: SpanContext) => void) | undefined;

export function currentContext(): SpanContext | undefined {
  return storage.getStore()?.context;
}

/** Id of the request on whose behalf this code runs, or undefined outside of one. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.context.requestId;
}

/** Names the conversation and message that the current request is about; both end up in its rows. */
export function nameConversation(conversationId: string, messageId?: string): void {
  const context = currentContext();
  if (!context) return;
  context.conversationId = conversationId;
  if (messageId !== undefined) context.messageId = messageId;
}

/** The current request ends with an error that nobody expected. */
export function noteError(error: unknown): void {
  const context = currentContext();
  if (context) context.error = error;
}

export function enterContext(context: SpanContext, work: () => void): void {
  storage.run(context, work);
}

/** For what a request may set off and what must not count as its own, such as writing these very figures. */
export function leaveContext<T>(work: () => T): T {
  return storage.run(undefined, work);
}

/** Opens a span that holds no others (for a leaf this is cheaper than `time`). Undefined where nothing is timed. */
export function beginSpan(operation: string): Span | undefined {
  const frame = storage.getStore();
  return frame === undefined ? undefined : open(frame, operation);
}

export function endSpan(span: Span | undefined, isError = false): void {
  if (span === undefined || span.context.isClosed) return;
  span.durationMs = performance.now() - span.context.startedMs - span.startMs;
  span.isError = isError;
  if (span.context.extraSpans !== undefined) settleExtra(span);
}

/** A request has one handler: its span becomes the context's own place, which needs no frame of its own. */
export function beginHandler(): Span | undefined {
  const context = currentContext();
  const span = context === undefined ? undefined : open(context, HANDLER);
  if (span !== undefined) span.context.parent = placeOf(span);
  return span;
}

export function endHandler(span: Span): void {
  span.context.parent = NO_PARENT;
  endSpan(span);
}

/**
 * Runs `work` as a span of the current request or job; spans opened inside lie below it. Works for plain and for async
 * functions, and passes on what they return or throw.
 * @param operation a name from the code, never with values in it: figures are grouped by it
 */
export function time<T>(operation: string, work: () => T): T {
  const frame = storage.getStore();
  const span = frame === undefined ? undefined : open(frame, operation);
  return span === undefined ? work() : inside(span, work);
}

/** As `time`, for work that leaves figures in its span: `details` may be set until it ends. */
export function timeSpan<T>(operation: string, work: (span: Span | undefined) => T): T {
  const frame = storage.getStore();
  const span = frame === undefined ? undefined : open(frame, operation);
  return span === undefined ? work(undefined) : inside(span, () => work(span));
}

/** @param span just opened: the newest of its context */
function inside<T>(span: Span, work: () => T): T {
  const { context } = span;
  let result: T;
  try {
    result = storage.run({ context, parent: placeOf(span) }, work);
  } catch (error) {
    endSpan(span, true);
    throw error;
  }
  if (isPromise(result)) return settle(span, result) as T;
  endSpan(span);
  return result;
}

async function settle<T>(span: Span, result: Promise<T>): Promise<T> {
  try {
    const value = await result;
    endSpan(span);
    return value;
  } catch (error) {
    endSpan(span, true);
    throw error;
  }
}

function open(frame: Frame, operation: string): Span | undefined {
  const { context } = frame;
  if (!context.isTimed || context.isClosed) return undefined;
  const span: Span = {
    operation,
    startMs: performance.now() - context.startedMs,
    durationMs: -1,
    isError: false,
    parent: frame.parent,
    context,
  };
  if (context.spans.length < MAX_SPANS) context.spans.push(span);
  else (context.extraSpans ??= new Set()).add(span);
  return span;
}

/** What lies inside of a span that may not be kept lies below the one around it. */
function placeOf(span: Span): number {
  return span.context.extraSpans?.has(span) === true ? span.parent : span.context.spans.length - 1;
}

/** A span beyond MAX_SPANS has ended: it is kept when somebody may look for it. */
function settleExtra(span: Span): void {
  const { context } = span;
  if (context.extraSpans?.delete(span) !== true) return;
  const isTelling = span.isError || span.durationMs > context.slowMs;
  if (isTelling && context.spans.length < MAX_SPANS + MAX_TELLING_SPANS) context.spans.push(span);
  else context.omittedSpans += 1;
}

/**
 * The first byte of an answer that has no end of its own, such as a stream of events: how long somebody listens says nothing
 * about how fast we are. The current request's time and spans end here.
 */
export function beginStream(): void {
  const context = currentContext();
  if (context !== undefined && !context.isClosed) context.firstByteMs = closeContext(context);
}

/** Ends a context: open spans end with it. @returns its duration in ms, of a stream until its first byte */
export function closeContext(context: SpanContext): number {
  if (context.firstByteMs !== undefined) return context.firstByteMs;
  const durationMs = context.elapsedMs();
  for (const span of context.spans) if (span.durationMs < 0) span.durationMs = durationMs - span.startMs;
  for (const span of context.extraSpans ?? []) {
    span.durationMs = durationMs - span.startMs;
    settleExtra(span);
  }
  context.isClosed = true;
  return durationMs;
}

export interface JobContext {
  kind: 'job';
  /** `job:<name>` */
  endpoint: string;
  /** Id of the request that enqueued it, or the job's own. */
  requestId: string;
  /** Account in whose name it runs. */
  userId: string | undefined;
}

/** Runs one try of a job in a context of its own, which is recorded like a request's. */
export async function runInSpanContext<T>(job: JobContext, work: () => Promise<T>): Promise<T> {
  const context = new SpanContext(job.kind, job.endpoint, job.requestId, isJobTimed, slowJobOperationMs);
  context.userId = job.userId;
  const record = onJobEnd;
  try {
    return await storage.run(context, work);
  } catch (error) {
    if (!isAskedFor(error)) context.error = error;
    throw error;
  } finally {
    if (record !== undefined) record(context);
    else context.isClosed = true;
  }
}

/**
 * Which ends of a try somebody has asked for, such as a cancellation: those are no errors.
 * @returns takes it back
 */
export function expectJobEnds(isExpected: (error: unknown) => boolean): () => void {
  isAskedFor = isExpected;
  return () => {
    if (isAskedFor === isExpected) isAskedFor = () => false;
  };
}

/**
 * Who records the jobs of this process; rooms below the sink have no other way to it.
 * @param slowMs an operation that takes longer is kept in any case
 * @returns takes it back
 */
export function recordJobs(
  isTimed: boolean,
  record: (context: SpanContext) => void,
  slowMs = Infinity,
): () => void {
  isJobTimed = isTimed;
  slowJobOperationMs = slowMs;
  onJobEnd = record;
  return () => {
    if (onJobEnd === record) onJobEnd = undefined;
  };
}
