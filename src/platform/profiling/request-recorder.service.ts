import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { Endpoints } from './endpoints.js';
import { SLOW_ALERT } from './performance-log.repository.js';
import { PerformanceSink } from './performance-sink.service.js';
import { PROFILING_LOG, type ProfilingLog } from './profiling-log.js';
import { closeContext, HANDLER, recordJobs, type Span, SpanContext } from './span.js';
import { compactSpans, quote, timingTree } from './span-tree.js';

/** What is known of a request when its answer has left. */
export interface AnsweredRequest {
  readonly method: string;
  /** The route's pattern, or a word in brackets where none matched. */
  readonly route: string;
  readonly status: number;
  /** The account; undefined for strangers. */
  readonly userId: string | undefined;
  /** Name of the key or token that came with it; undefined where none did. */
  readonly keyName: string | undefined;
  /** The client went away before its answer was complete. */
  readonly isAborted: boolean;
}

/** Opens and closes the contexts of requests, and turns each into counts, one row, and an alert when it was slow. */
@Injectable()
export class RequestRecorder implements OnModuleDestroy {
  readonly endpoints = new Endpoints();
  private readonly forgetJobs: () => void;

  constructor(
    private readonly sink: PerformanceSink,
    @Inject(ENV) private readonly env: Env,
    @Inject(PROFILING_LOG) private readonly log: ProfilingLog,
  ) {
    this.forgetJobs = recordJobs(env.isProfiling, (context) => this.closeJob(context), env.slowOperationMs);
  }

  open(requestId: string): SpanContext {
    return new SpanContext('request', '', requestId, this.env.isProfiling, this.env.slowOperationMs);
  }

  /** @returns its duration in ms; of a stream until its first byte */
  close(context: SpanContext, answered: AnsweredRequest): number {
    const durationMs = closeContext(context);
    const endpoint = this.endpoints.of(answered.method, answered.route);
    endpoint.count(answered.status, durationMs);
    if (context.error !== undefined) this.sink.recordError(context.error, context.requestId);
    if (!context.isTimed) return durationMs;
    if (answered.status >= 500) failHandler(context.spans);
    context.endpoint = endpoint.name;
    context.userId = answered.userId;
    const aborted = answered.isAborted ? ',"isAborted":true' : '';
    const stream =
      context.firstByteMs === undefined ? '' : `,"isStream":true,"openMs":${context.elapsedMs()}`;
    const key = answered.keyName === undefined ? '' : `,"key":${quote(answered.keyName)}`;
    this.record(context, durationMs, `"status":${answered.status}${key}${aborted}${stream}`);
    return durationMs;
  }

  onModuleDestroy(): void {
    this.forgetJobs();
  }

  private closeJob(context: SpanContext): void {
    const durationMs = closeContext(context);
    const isError = context.error !== undefined;
    if (isError) this.sink.recordError(context.error, context.requestId);
    if (context.isTimed) this.record(context, durationMs, `"isError":${isError}`);
  }

  private record(context: SpanContext, durationMs: number, outcome: string): void {
    const omitted = context.omittedSpans > 0 ? `,"omittedSpans":${context.omittedSpans}` : '';
    const extraJson = `{${outcome}${omitted},"spans":${compactSpans(context.spans)}}`;
    const atMs = Date.now();
    this.push(context, atMs, context.kind, durationMs, extraJson);
    const reason = this.slowReason(context, durationMs);
    if (reason === undefined) return;
    const tree = JSON.stringify(timingTree(context.spans));
    const alertJson = `{${outcome}${omitted},"reason":"${reason}","tree":${tree}}`;
    this.push(context, atMs, SLOW_ALERT, durationMs, alertJson);
    const { endpoint, requestId } = context;
    this.log.warn({ endpoint, requestId, ms: durationMs, reason }, 'slow request');
  }

  private slowReason(context: SpanContext, durationMs: number): 'total' | 'operation' | undefined {
    if (durationMs > this.env.slowRequestMs) return 'total';
    for (const span of context.spans) if (span.durationMs > this.env.slowOperationMs) return 'operation';
    return undefined;
  }

  private push(
    { endpoint, userId, conversationId, messageId, requestId }: SpanContext,
    atMs: number,
    operation: string,
    durationMs: number,
    extraJson: string,
  ): void {
    this.sink.record({
      atMs,
      endpoint,
      operation,
      durationMs,
      userId,
      conversationId,
      messageId,
      requestId,
      extraJson,
    });
  }
}

/** The interceptor does not learn how the handler ended; the status does. */
function failHandler(spans: readonly Span[]): void {
  for (const span of spans) if (span.operation === HANDLER) span.isError = true;
}
