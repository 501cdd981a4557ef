import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, NOON, SyncTrial } from '../../../test/support/sync-trial.js';
import { SyncFault } from './sync-fault.js';
import { SYNC_TIMES } from './sync-world.js';

// Whatever happens, the copy ends equal to the upstream: rows come late, change, go and are counted wrong here; pages fail, are too
// large or never end; workers die. Only then a few quiet days.

type Event =
  | { what: 'put'; agoMs: number; lateMs: number; ties: number }
  | { what: 'change' | 'delete' | 'lose'; nth: number }
  | { what: 'wait'; ms: number }
  | { what: 'run'; kind: 'incremental' | 'reconcile' | 'verify'; fault: Fault; at: number };

type Fault = 'none' | 'transient' | 'limit' | 'large' | 'auth' | 'death' | 'lies' | 'change';

const EVENT: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('put' as const),
      agoMs: fc.oneof(fc.nat(2 * HOUR_MS), fc.nat(5 * DAY_MS), fc.constant(-DAY_MS)),
      lateMs: fc.oneof(fc.constant(0), fc.nat(600_000), fc.nat(DAY_MS)),
      ties: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 25 })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom('change' as const, 'delete' as const, 'lose' as const),
      nth: fc.nat(500),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('wait' as const), ms: fc.nat(8 * HOUR_MS) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('run' as const),
      kind: fc.constantFrom(
        'incremental' as const,
        'incremental' as const,
        'reconcile' as const,
        'verify' as const,
      ),
      fault: fc.constantFrom<Fault>(
        'none',
        'none',
        'transient',
        'limit',
        'large',
        'auth',
        'death',
        'lies',
        'change',
      ),
      at: fc.integer({ min: 1, max: 12 }),
    }),
  },
);

const trials = new Map<string, SyncTrial>();

beforeAll(async () => {
  for (const paging of ['numbered', 'cursor'] as const) trials.set(paging, await SyncTrial.open({ paging }));
});

afterAll(async () => {
  for (const trial of trials.values()) await trial.close();
});

async function happen(trial: SyncTrial, event: Event): Promise<void> {
  const { upstream, clock } = trial;
  const nth = <T>(all: readonly T[], index: number): T | undefined => all[index % Math.max(1, all.length)];
  if (event.what === 'wait') clock.advance(event.ms);
  else if (event.what === 'put')
    for (let tie = 0; tie < event.ties; tie += 1)
      upstream.put({ atMs: clock.nowMs - event.agoMs, arrivesMs: clock.nowMs + event.lateMs });
  else if (event.what !== 'run') {
    const id = nth([...upstream.rows.keys()], event.nth);
    if (id === undefined) return;
    if (event.what === 'change') upstream.change(id, `changed at ${clock.nowMs}`);
    else if (event.what === 'delete') upstream.rows.delete(id);
    else await trial.units.owner('DELETE FROM platform.trial_row WHERE key = $1', [id]);
  } else await goThrough(trial, event);
}

async function goThrough(trial: SyncTrial, { kind, fault, at }: Event & { what: 'run' }): Promise<void> {
  const { upstream, clock } = trial;
  const { id } = await trial.start(kind);
  let asked = 0;
  const stop = new AbortController();
  upstream.interfere = ({ limit, what }) => {
    asked += 1;
    if (fault === 'large' && limit > 3 && what === 'page') throw new SyncFault('too_large', 'too much');
    if (asked !== at) return;
    if (fault === 'transient') throw new SyncFault('transient', 'reset');
    if (fault === 'limit') throw new SyncFault('rate_limited', 'slow', { retryAfterMs: 400_000 });
    if (fault === 'auth') throw new SyncFault('auth', 'no');
    if (fault === 'lies' && what === 'page') return { rows: [], refused: [], next: '7', total: 3 };
    if (fault === 'death') stop.abort(new Error('the process dies'));
    if (fault === 'change') {
      upstream.put({ atMs: clock.nowMs - at * HOUR_MS });
      const [first] = upstream.rows.keys();
      if (first !== undefined) upstream.rows.delete(first);
    }
    return undefined;
  };
  if (fault === 'death') {
    await trial.engine.runner.run(id, trial.job(stop.signal)).catch(() => undefined);
    clock.advance(SYNC_TIMES.staleMs + 1);
  }
  await trial.drive(id);
  upstream.interfere = () => undefined;
}

it.each(['numbered', 'cursor'] as const)(
  'ends equal to the upstream after any history (%s)',
  async (paging) => {
    const trial = trials.get(paging)!;
    await fc.assert(
      fc.asyncProperty(fc.array(EVENT, { maxLength: 25 }), async (events) => {
        await trial.forget();
        trial.upstream.rows.clear();
        trial.clock.nowMs = NOON;
        for (const event of events) await happen(trial, event);
        trial.clock.advance(2 * DAY_MS); // what is late has come, today is over
        await trial.sync();
        await trial.sync('reconcile');
        await trial.sync('reconcile');
        expect(await trial.stored()).toEqual(trial.expected());
        expect(await trial.sum()).toBe(trial.expected().length);
        await trial.sync('verify');
        expect(await trial.gaps(true)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  },
  80_000,
);
