import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import {
  beginHandler,
  beginSpan,
  beginStream,
  closeContext,
  currentContext,
  currentRequestId,
  endHandler,
  endSpan,
  enterContext,
  expectJobEnds,
  leaveContext,
  MAX_SPANS,
  MAX_TELLING_SPANS,
  nameConversation,
  noteError,
  recordJobs,
  runInSpanContext,
  SpanContext,
  time,
} from './span.js';
import { timingTree, type TimingNode } from './span-tree.js';

function inContext<T>(
  work: () => Promise<T>,
  isTimed = true,
  slowMs?: number,
): Promise<{ context: SpanContext; result: T }> {
  const context = new SpanContext('request', 'GET /things', 'request-1', isTimed, slowMs);
  return new Promise((resolve, reject) => {
    enterContext(context, () => {
      work().then((result) => resolve({ context, result }), reject);
    });
  });
}

/** A made-up piece of work: operations inside of operations, one after the other or at the same time. */
interface Work {
  name: string;
  isAsync: boolean;
  isParallel: boolean;
  children: Work[];
}

const { work } = fc.letrec<{ work: Work }>((tie) => ({
  work: fc.record({
    name: fc.string({ minLength: 1, maxLength: 5 }),
    isAsync: fc.boolean(),
    isParallel: fc.boolean(),
    children: fc.oneof({ maxDepth: 3 }, fc.constant<Work[]>([]), fc.array(tie('work'), { maxLength: 3 })),
  }),
}));

async function perform({ name, isAsync, isParallel, children }: Work): Promise<void> {
  await time(name, async () => {
    if (isAsync) await sleep(0);
    if (isParallel) await Promise.all(children.map(perform));
    else for (const child of children) await perform(child);
  });
}

interface Shape {
  name: string;
  children: Shape[];
}

const sorted = (shapes: Shape[]): Shape[] =>
  shapes.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
const expectedShape = ({ name, children }: Work): Shape => ({
  name,
  children: sorted(children.map(expectedShape)),
});
const foundShape = ({ operation, children = [] }: TimingNode): Shape => ({
  name: operation,
  children: sorted(children.map(foundShape)),
});

describe('spans', () => {
  it('make the tree of the calls, also of those at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(work, { maxLength: 3 }), async (works) => {
        const { context } = await inContext(() => Promise.all(works.map(perform)));
        expect(sorted(timingTree(context.spans).map(foundShape))).toEqual(sorted(works.map(expectedShape)));
        for (const span of context.spans) {
          expect(span.durationMs).toBeGreaterThanOrEqual(0);
          const around = context.spans[span.parent];
          if (around === undefined) continue;
          expect(span.startMs).toBeGreaterThanOrEqual(around.startMs);
          expect(span.startMs + span.durationMs).toBeLessThanOrEqual(
            around.startMs + around.durationMs + 0.001,
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  it('pass on what the work returns or throws, plain or promised, and note the failure', async () => {
    const { context } = await inContext(async () => {
      expect(time('plain', () => 7)).toBe(7);
      await expect(time('async', async () => 8)).resolves.toBe(8);
      expect(() =>
        time('throws', () => {
          throw new Error('no');
        }),
      ).toThrow('no');
      await expect(time('rejects', () => Promise.reject(new Error('never')))).rejects.toThrow('never');
    });
    expect(context.spans.map(({ operation, isError }) => [operation, isError])).toEqual([
      ['plain', false],
      ['async', false],
      ['throws', true],
      ['rejects', true],
    ]);
  });

  it('lie below the handler while it runs', async () => {
    const { context } = await inContext(async () => {
      endSpan(beginSpan('guard'));
      const handler = beginHandler();
      endSpan(beginSpan('inside'));
      endHandler(handler!);
      endSpan(beginSpan('after'));
    });
    expect(context.spans.map(({ operation, parent }) => [operation, parent])).toEqual([
      ['guard', -1],
      ['handler', -1],
      ['inside', 1],
      ['after', -1],
    ]);
  });

  it('are bounded, and the rest is counted', async () => {
    const { context } = await inContext(async () => {
      for (let index = 0; index < MAX_SPANS + 50; index += 1) time('often', () => index);
    });
    expect([context.spans.length, context.omittedSpans]).toEqual([MAX_SPANS, 50]);
  });

  it('are kept beyond the bound when they are slow or fail, bounded too, and the rest is counted', async () => {
    const { context } = await inContext(
      async () => {
        for (let index = 0; index < MAX_SPANS - 1; index += 1) time('often', () => index);
        await time('around', async () => {
          time('quick', () => 0);
          await time('slow', async () => {
            await sleep(250);
            time('inside', () => 0);
          });
          await expect(time('fails', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
        });
        for (let index = 0; index < MAX_TELLING_SPANS; index += 1) endSpan(beginSpan('fails too'), true);
        beginSpan('never ends');
        await sleep(250);
      },
      true,
      200,
    );
    closeContext(context);
    const kept = context.spans.slice(MAX_SPANS).map(({ operation, parent }) => [operation, parent]);
    expect(kept.slice(0, 3)).toEqual([
      ['slow', MAX_SPANS - 1],
      ['fails', MAX_SPANS - 1],
      ['fails too', -1],
    ]);
    expect(kept).toHaveLength(MAX_TELLING_SPANS);
    // quick, inside, two of the last failures, and the one that never ended
    expect(context.omittedSpans).toBe(5);
  });

  it('that are open at the end are kept beyond the bound when they are slow by then', async () => {
    const { context } = await inContext(
      async () => {
        for (let index = 0; index < MAX_SPANS; index += 1) time('often', () => index);
        beginSpan('hangs');
        await sleep(250);
        beginSpan('has just begun');
      },
      true,
      200,
    );
    closeContext(context);
    expect(context.spans.at(-1)).toMatchObject({ operation: 'hangs', isError: false });
    expect(context.omittedSpans).toBe(1);
  });

  it('of a stream end with its first byte, and so does its time', async () => {
    const { context } = await inContext(async () => {
      await time('before', async () => {
        beginStream();
        await sleep(40);
      });
      time('after', () => 0);
    });
    expect(context.spans.map(({ operation }) => operation)).toEqual(['before']);
    expect(closeContext(context)).toBe(context.firstByteMs);
    expect(context.firstByteMs! + 30).toBeLessThan(context.elapsedMs());
    expect(context.spans[0]!.durationMs).toBeLessThanOrEqual(context.firstByteMs!);
  });

  it('cannot be added once the context is closed, and the open ones end with it', async () => {
    let late: Promise<void> = Promise.resolve();
    const { context } = await inContext(async () => {
      late = time('late', async () => {
        await sleep(30);
        time('too late', () => 0);
      });
      await sleep(5);
    });
    const durationMs = closeContext(context);
    await late;
    expect(context.spans.map(({ operation }) => operation)).toEqual(['late']);
    const [span] = context.spans;
    expect(span!.startMs + span!.durationMs).toBeCloseTo(durationMs, 3);
  });

  it('are nothing outside of a context, in one that is not timed, and after leaving one', async () => {
    expect(time('nowhere', () => 1)).toBe(1);
    expect(beginSpan('nowhere')).toBeUndefined();
    endSpan(undefined);
    nameConversation('c');
    noteError(new Error('nobody listens'));
    expect(currentRequestId()).toBeUndefined();
    const { context } = await inContext(async () => time('untimed', () => currentRequestId()), false);
    expect(context.spans).toEqual([]);
    const left = await inContext(async () => leaveContext(() => currentContext()));
    expect(left.result).toBeUndefined();
  });

  it('keep requests apart that run at the same time', async () => {
    const ids = await Promise.all(
      ['a', 'b', 'c'].map(
        (id) =>
          new Promise((resolve) =>
            enterContext(new SpanContext('request', '', id, true), () => {
              void sleep(2)
                .then(() => time('x', () => sleep(2)))
                .then(() => resolve([currentRequestId(), currentContext()!.spans.length]));
            }),
          ),
      ),
    );
    expect(ids).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ]);
  });

  it('know the conversation', async () => {
    const { context } = await inContext(async () => nameConversation('talk', 'message'));
    expect([context.conversationId, context.messageId]).toEqual(['talk', 'message']);
  });
});

describe('jobs', () => {
  it('have a context of their own, and are recorded whether they succeed or fail', async () => {
    const recorded: unknown[] = [];
    const forget = recordJobs(true, ({ kind, endpoint, requestId, userId, spans, error }) => {
      recorded.push([kind, endpoint, requestId, userId, spans.map((span) => span.operation), error]);
    });
    const job = { kind: 'job', endpoint: 'job:market.derive', requestId: 'r', userId: 'u' } as const;
    const failure = new Error('broken');
    expect(await runInSpanContext(job, async () => time('step', () => currentRequestId()))).toBe('r');
    await expect(runInSpanContext(job, () => Promise.reject(failure))).rejects.toBe(failure);
    forget();
    await runInSpanContext(job, async () => undefined);
    expect(recorded).toEqual([
      ['job', 'job:market.derive', 'r', 'u', ['step'], undefined],
      ['job', 'job:market.derive', 'r', 'u', [], failure],
    ]);
  });

  it('that end because somebody asked for it are no errors', async () => {
    class CancelledError extends Error {}
    const errors: unknown[] = [];
    const forget = recordJobs(true, ({ error }) => errors.push(error));
    const forgetEnds = expectJobEnds((error) => error instanceof CancelledError);
    const job = { kind: 'job', endpoint: 'job:market.derive', requestId: 'r', userId: 'u' } as const;
    const end = (error: Error): Promise<void> => runInSpanContext(job, () => Promise.reject(error));
    const failure = new Error('broken');
    await expect(end(new CancelledError())).rejects.toThrow(CancelledError);
    await expect(end(failure)).rejects.toBe(failure);
    forgetEnds();
    forget();
    expect(errors).toEqual([undefined, failure]);
  });
});
