import { describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { failureOf, openOutbound, somePolicy, useOutbound } from '../../../test/support/outbound-trial.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { recordJobs, runInSpanContext, type Span } from '../profiling/span.js';
import type { OutboundPolicy } from './outbound-policy.js';
import type { OutboundRequest, StreamedAnswer } from './outbound.service.js';

const world = useOutbound();

async function textOf({ chunks }: StreamedAnswer): Promise<string> {
  const read: Buffer[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return Buffer.concat(read).toString();
}

const streamed = (
  policy: OutboundPolicy,
  request: Partial<OutboundRequest> = {},
  read: (answer: StreamedAnswer) => Promise<unknown> = textOf,
): Promise<unknown> => world.trial.outbound.stream(policy, { url: world.provider.url, ...request }, read);

/** Writes so many pieces, one every few milliseconds, and then does as told. */
const pieces =
  (count: number, then: (response: ServerResponse) => void = (response) => void response.end()) =>
  (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let sent = 0;
    const timer = setInterval(() => {
      if (sent === count) {
        clearInterval(timer);
        then(response);
      } else response.write(`piece ${(sent += 1)};`);
    }, 10);
    response.once('close', () => clearInterval(timer));
  };

describe('an answer that is read while it comes', () => {
  it('is there from its first piece on', async () => {
    let go: () => void = () => undefined;
    world.provider.script((response) => {
      response.writeHead(200, { 'x-told': 'a' }).write('first;');
      go = () => response.end('last');
    });
    const seen: string[] = [];
    await streamed(somePolicy(), {}, async ({ status, headers, chunks }) => {
      expect([status, headers['x-told']]).toEqual([200, 'a']);
      for await (const chunk of chunks) {
        seen.push(chunk.toString());
        go(); // a reader of the whole would never come here
      }
    });
    expect(seen).toEqual(['first;', 'last']);
  });

  it('comes with any status below 500 but 429, and is what the reader makes of it', async () => {
    for (const status of [200, 400, 404]) {
      world.provider.script({ status, body: 'why' });
      expect(await streamed(somePolicy(), { method: 'POST', json: { a: 1 } })).toBe('why');
      expect(world.provider.seen[0]).toMatchObject({ method: 'POST', body: '{"a":1}' });
    }
  });

  it.each([
    [{ status: 500 }, 'outbound/unavailable'],
    [{ status: 429, headers: { 'retry-after': '7' } }, 'outbound/rate-limited'],
    ['reset', 'outbound/connection-failed'],
  ] as const)('that is %j is an error after one try, unread', async (step, code) => {
    world.provider.script(step);
    let reads = 0;
    const error = await failureOf(streamed(somePolicy(), {}, async () => void (reads += 1)));
    expect(error).toMatchObject({ code, tries: 1 });
    expect([reads, world.provider.seen.length]).toEqual([0, 1]);
    if (code === 'outbound/rate-limited') expect(error.retryAfterMs).toBe(7_000);
  });

  it('that is cut is an error behind what came', async () => {
    world.provider.script(pieces(2, (response) => void response.destroy()));
    let read = '';
    const error = await failureOf(
      streamed(somePolicy(), {}, async ({ chunks }) => {
        for await (const chunk of chunks) read += chunk.toString();
      }),
    );
    expect([error.code, read]).toEqual(['outbound/connection-failed', 'piece 1;piece 2;']);
  });

  it('is read as far as the policy’s bytes', async () => {
    world.provider.script({ headers: { 'transfer-encoding': 'chunked' }, body: 'x'.repeat(200_000) });
    expect(await failureOf(streamed(somePolicy({ mostResponseBytes: 1_000 })))).toMatchObject({
      code: 'outbound/too-large',
    });
  });

  it('goes after redirects like any other, and not to where users may not send it', async () => {
    world.provider.script({ status: 307, headers: { location: '/else' }, body: 'away' }, { body: 'there' });
    expect(await streamed(somePolicy())).toBe('there');
    world.provider.script({ status: 307, headers: { location: `${world.other.url}/` } });
    expect(await failureOf(streamed(somePolicy()))).toMatchObject({ code: 'outbound/blocked-address' });
    expect(world.other.seen).toHaveLength(0);
  });
});

describe('the end of a stream', () => {
  it.each(['hang', 'slow-loris'] as const)('that does %s is the deadline', async (step) => {
    world.provider.script(step);
    expect(await failureOf(streamed(somePolicy({ totalTimeoutMs: 200 })))).toMatchObject({
      code: 'outbound/timeout',
      tries: 1,
    });
  });

  it('may be the caller’s signal, in the middle; the provider hears of it', async () => {
    let isGone = false;
    world.provider.script((response) => {
      response.once('close', () => (isGone = true));
      pieces(1_000)(response);
    });
    const controller = new AbortController();
    const call = streamed(somePolicy(), { signal: controller.signal }, async ({ chunks }) => {
      for await (const _ of chunks) controller.abort();
    });
    expect(await failureOf(call)).toMatchObject({ code: 'outbound/aborted' });
    await waitUntil('the provider is let go of', 5_000, () => isGone);
  });

  it.each([
    ['reads nothing', async () => 'enough'],
    [
      'stops reading',
      async ({ chunks }: StreamedAnswer) => {
        for await (const _ of chunks) break;
        return 'enough';
      },
    ],
  ])('is the reader’s who %s: the rest is given up', async (_what, read) => {
    let isGone = false;
    world.provider.script((response) => {
      response.once('close', () => (isGone = true));
      pieces(1_000)(response);
    });
    expect(await streamed(somePolicy(), {}, read)).toBe('enough');
    await waitUntil('the provider is let go of', 5_000, () => isGone);
  });

  it('gives the place back, and the next call gets it', async () => {
    const policy = somePolicy({ mostParallel: 1, mostWaiting: 5 });
    world.provider.script(pieces(3));
    await Promise.all([1, 2, 3].map(() => streamed(policy)));
    expect(world.provider.mostParallel).toBe(1);
  });
});

describe('a reader’s own fault', () => {
  it('passes as it is, and says nothing of the provider', async () => {
    const policy = somePolicy({ breaker: { failures: 1, halfOpenMs: 60_000 } });
    world.provider.script({});
    const fault = new TypeError('of the reader');
    for (let call = 0; call < 3; call += 1)
      expect(
        await failureOf(
          streamed(policy, {}, async () => {
            throw fault;
          }),
        ),
      ).toBe(fault);
    expect(await streamed(policy)).toBe('{"ok":true}');
  });
});

it('cut streams open the breaker', async () => {
  const policy = somePolicy({ breaker: { failures: 2, halfOpenMs: 60_000 } });
  world.provider.script('half-body');
  for (const code of ['outbound/connection-failed', 'outbound/connection-failed', 'outbound/circuit-open'])
    expect(await failureOf(streamed(policy))).toMatchObject({ code });
});

it('a stream’s budget is counted like any call’s', async () => {
  const policy = somePolicy({
    budgets: [{ name: 'calls', limit: 1, windowMs: 3_600_000, shape: 'bucket' }],
  });
  world.provider.script({});
  await streamed(policy);
  expect(await failureOf(streamed(policy))).toMatchObject({ code: 'outbound/budget-exhausted' });
});

it('is a span, and no error tells what was sent', async () => {
  world.trial = openOutbound(world.units);
  const spans: Span[][] = [];
  const stop = recordJobs(true, (context) => void spans.push([...context.spans]));
  const policy = somePolicy();
  world.provider.script({ status: 500, body: 'canary' });
  const job = { kind: 'job', endpoint: 'job:test.call', requestId: 'r', userId: undefined } as const;
  const headers = { authorization: 'Bearer canary' };
  const error = await runInSpanContext(job, () =>
    failureOf(streamed(policy, { headers, json: { canary: 1 } })),
  );
  stop();
  expect(spans[0]![0]).toMatchObject({
    operation: `outbound:${policy.provider}`,
    details: { status: 500, tries: 1 },
  });
  expect(inspect(error, { depth: 9 })).not.toContain('canary');
});
