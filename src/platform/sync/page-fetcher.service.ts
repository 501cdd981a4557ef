import { Inject, Injectable } from '@nestjs/common';
import { fullJitterMs } from '../outbound/retry-timing.js';
import type { Errand } from './errand.js';
import type { PageGuard } from './page-guard.js';
import { RunPausedError } from './run-stops.js';
import { faultOf, SyncFault } from './sync-fault.js';
import { SyncHolds } from './sync-holds.service.js';
import { afterPage, afterTooLarge, type SyncPosition } from './sync-position.js';
import type { SyncPage, SyncSource } from './sync-source.js';
import { SYNC_WORLD, type SyncWorld } from './sync-world.js';

// One page, with the patience that its upstream needs: a smaller request after "too large", the rest that a rate limit asks for, another
// try with full jitter after what may pass. What does not pass ends the run; the next one goes on where it stood.

/** A run that can wait. */
type Patient = Pick<Errand, 'run' | 'signal'>;

export interface FetchedPage {
  page: SyncPage<unknown>;
  keys: string[];
  /** Where it was asked for, which may be less than was meant. */
  at: SyncPosition;
  next: SyncPosition;
  isSpanDone: boolean;
  requestedAt: Date;
}

/** Tries after the first. Half a body may be a whole one next time; a whole one that makes no sense hardly. */
const MOST_RETRIES: Partial<Record<SyncFault['kind'], number>> = { transient: 5, malformed: 2 };
const BACKOFF = { baseMs: 1_000, capMs: 60_000 };
/** Where a rate limit does not say for how long. */
const LIMIT_BACKOFF = { baseMs: 5_000, capMs: 60_000 };
/** Nobody is asked again sooner than this, whatever it says. */
const LEAST_REST_MS = 250;
/** A rest of so long is shown: the run counts as rate limited. Shorter ones are pacing. */
const SHOWN_REST_MS = 5_000;
/** After so many refusals in a row the run is left to a later job. */
const MOST_REFUSALS = 20;

@Injectable()
export class PageFetcher {
  constructor(
    private readonly holds: SyncHolds,
    @Inject(SYNC_WORLD) private readonly world: SyncWorld,
  ) {}

  /** @throws SyncFault, RunPausedError, and the signal's reason */
  async fetch(errand: Errand, position: SyncPosition, guard: PageGuard): Promise<FetchedPage> {
    const { of: stream, run, reading } = errand;
    let at = position;
    let requestedAt = new Date(run.nowMs());
    const ask = (signal: AbortSignal): Promise<SyncPage<unknown>> => {
      requestedAt = new Date(run.nowMs());
      const window = { from: new Date(at.spanFromMs), to: new Date(at.askedToMs) };
      return stream.fetchPage({ window, cursor: at.cursor, limit: at.limit, signal });
    };
    const shrink = (): boolean => {
      const smaller = afterTooLarge(reading, at);
      at = smaller ?? at;
      return smaller !== null;
    };
    const page = await this.patiently(errand, ask, shrink);
    const keys = page.rows.map((row) => stream.keyOf(row));
    const step = afterPage(reading, at, {
      timesMs: page.rows.map((row) => stream.timeOf(row).getTime()),
      refusedCount: page.refused.length,
      hasUnknown: page.refused.some(({ key }) => key === null),
      next: page.next,
      total: page.total,
    });
    const fault = guard.faultOf(at, page, keys) ?? ('fault' in step ? step.fault : null);
    if (fault !== null || 'fault' in step)
      throw new SyncFault('malformed', `The upstream cannot be followed: ${fault}.`);
    return { page, keys, at, next: step.position, isSpanDone: step.isSpanDone, requestedAt };
  }

  /** Rows that the upstream has in the span; null where it cannot say. */
  async count(errand: Errand, position: SyncPosition): Promise<number | null> {
    const { of: stream } = errand;
    if (stream.countUpstream === null) return null;
    const window = { from: new Date(position.spanFromMs), to: new Date(position.spanToMs) };
    return this.patiently(errand, async (signal) => {
      try {
        return (await stream.countUpstream?.(window, signal)) ?? null;
      } catch (error) {
        if (faultOf(error)?.kind === 'too_large') return null;
        throw error;
      }
    });
  }

  /** What a source wants to find out before its streams are read. */
  async prepare(of: Patient, source: SyncSource): Promise<void> {
    await this.patiently(of, (signal) => source.prepare?.(signal) ?? Promise.resolve());
  }

  /** @param shrink makes the next request smaller; false = nothing smaller is worth asking for */
  private async patiently<T>(
    of: Patient,
    ask: (signal: AbortSignal) => Promise<T>,
    shrink: () => boolean = () => false,
  ): Promise<T> {
    const tries = new Map<SyncFault['kind'], number>();
    for (;;) {
      try {
        return await this.bounded(of.signal, ask);
      } catch (error) {
        of.signal.throwIfAborted();
        const fault = faultOf(error);
        if (fault === undefined) throw error;
        const { kind, retryAfterMs } = fault;
        const failures = (tries.get(kind) ?? 0) + 1;
        tries.set(kind, failures);
        if (kind === 'rate_limited') await this.rest(of, retryAfterMs, failures);
        else if (kind === 'too_large' ? !shrink() : failures > (MOST_RETRIES[kind] ?? 0)) throw fault;
        else if (kind !== 'too_large') {
          const jitterMs = fullJitterMs(failures, BACKOFF, this.world.random());
          await this.world.sleep(Math.max(jitterMs, retryAfterMs ?? 0), of.signal);
        }
      }
    }
  }

  private async rest({ run, signal }: Patient, retryAfterMs: number | null, refusals: number): Promise<void> {
    const { patienceMs } = this.world.times;
    const restMs = Math.max(
      LEAST_REST_MS,
      retryAfterMs ?? LIMIT_BACKOFF.baseMs / 2 + fullJitterMs(refusals, LIMIT_BACKOFF, this.world.random()),
    );
    if (restMs > patienceMs) throw new RunPausedError(run.nowMs() + restMs);
    if (refusals >= MOST_REFUSALS) throw new RunPausedError(run.nowMs() + patienceMs);
    if (restMs >= SHOWN_REST_MS) await this.holds.beat(run, run.nowMs() + restMs);
    await this.world.sleep(restMs, signal);
  }

  /** Whatever a source does: not longer than a page may take, and not after the end of the run. */
  private async bounded<T>(outer: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    outer.throwIfAborted();
    const controller = new AbortController();
    const { signal } = controller;
    const stop = (): void => controller.abort(outer.reason);
    outer.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(
      () => controller.abort(new SyncFault('transient', 'The upstream did not answer in time.')),
      this.world.times.pageMs,
    );
    try {
      const given = new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
      return await Promise.race([ask(signal), given]);
    } finally {
      clearTimeout(timer);
      outer.removeEventListener('abort', stop);
    }
  }
}
