import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SyncTrial } from '../../../test/support/sync-trial.js';
import { SyncUpstream } from '../../../test/support/sync-upstream.js';
import { StartupError } from '../config/startup-error.js';
import type { Tx } from '../database/unit-of-work.js';
import { SyncFault } from './sync-fault.js';
import type { SourceFamily, SyncSource } from './sync-source.js';

// Sources that accounts bring. The family of this trial has a row per account, which its owner alone sees.

const ANNA = { id: '00000000-0000-7000-8000-00000000000a' };
const BERT = { id: '00000000-0000-7000-8000-00000000000b' };
const SOURCE_OF = { [ANNA.id]: 'player:anna', [BERT.id]: 'player:bert' };

class Players implements SourceFamily {
  readonly prefix = 'player';
  readonly domain = 'trial';
  due: string[] = [];
  readonly made = new Map<string, SyncSource>();

  async find(tx: Tx, sourceId: string): Promise<SyncSource | undefined> {
    const [scope] = await tx.query<{ id: string; role: string }>(
      `SELECT current_setting('app.user_id', true) AS id, current_user::text AS role`,
    );
    const isVisible = scope!.role.endsWith('_system') || SOURCE_OF[scope!.id] === sourceId;
    return isVisible ? this.made.get(sourceId) : undefined;
  }

  listDue(): Promise<string[]> {
    return Promise.resolve(this.due);
  }
}

let trial: SyncTrial;
let players: Players;
let upstream: SyncUpstream;

beforeEach(async () => {
  trial = await SyncTrial.open();
  players = new Players();
  upstream = new SyncUpstream(trial.clock, 'cursor');
  upstream.fill(3, trial.clock.nowMs - 3_600_000, 1_000);
  const [template] = trial.registry.list();
  const streamed = trial.addSource('template:rows', [upstream], {
    reconcileEveryMs: null,
    verifyEveryMs: null,
  });
  for (const id of Object.values(SOURCE_OF)) players.made.set(id, { ...template!, ...streamed, id });
  trial.registry.registerFamily(players);
});

afterEach(() => trial.close());

const begin = (scope: { id: string }, sourceId: string): ReturnType<typeof trial.engine.starter.start> =>
  trial.units.app.run(scope, (tx) =>
    trial.engine.starter.start(tx, { sourceId, kind: 'incremental', trigger: 'request', range: null }),
  );
const jobNames = (): Promise<{ name: string }[]> =>
  trial.units.owner<{ name: string }>(
    `SELECT DISTINCT name FROM platform.job WHERE name LIKE 'platform.run%' ORDER BY name`,
  );

describe('a source of a family', () => {
  it('is started, read to its end and seen by whoever it belongs to, in the queue of accounts', async () => {
    const outcome = await begin(ANNA, 'player:anna');
    if (typeof outcome === 'string') throw new Error(outcome);
    expect(await jobNames()).toEqual([{ name: 'platform.run-account-sync' }]);
    await trial.turn(outcome.run.id);
    const run = await trial.engine.desk.findRun(ANNA, 'trial', outcome.run.id);
    expect(run).toMatchObject({ state: 'succeeded', sourceId: 'player:anna' });
    expect(await trial.engine.desk.findView(ANNA, 'trial', 'player:anna')).toMatchObject({ state: 'idle' });
    expect(await trial.stored()).toEqual(trial.expected(upstream));
  });

  it('is unknown to everybody else, and so are its runs', async () => {
    expect(await begin(BERT, 'player:anna')).toBe('no-source');
    const outcome = await begin(ANNA, 'player:anna');
    if (typeof outcome === 'string') throw new Error(outcome);
    expect(await trial.engine.desk.findRun(BERT, 'trial', outcome.run.id)).toBeUndefined();
    expect(await trial.engine.desk.findView(BERT, 'trial', 'player:anna')).toBeUndefined();
    expect(await trial.engine.desk.findView(ANNA, 'other-domain', 'player:anna')).toBeUndefined();
  });

  it('begins when its family says so, once, and not by the interval of sources of settings', async () => {
    players.due = ['player:anna', 'player:bert'];
    await trial.engine.starter.startDue(null);
    await trial.engine.starter.startDue(null);
    const runs = await trial.units.owner<{ id: string; source_id: string }>(
      `SELECT id, source_id FROM platform.sync_run WHERE source_id LIKE 'player:%' ORDER BY source_id`,
    );
    expect(runs.map((run) => run.source_id)).toEqual(['player:anna', 'player:bert']);
    await trial.units.owner(`DELETE FROM platform.job`);
    await trial.turn(runs[0]!.id);
    expect(await trial.units.owner(`SELECT name FROM platform.job`)).toEqual([]);
  });

  it('is taken up again where its worker has died', async () => {
    const outcome = await begin(ANNA, 'player:anna');
    if (typeof outcome === 'string') throw new Error(outcome);
    await trial.units.owner(`UPDATE platform.job SET state = 'dead'`);
    trial.clock.advance(120_000);
    await trial.engine.starter.startDue(null);
    const waiting = await trial.units.owner<{ name: string }>(
      `SELECT name FROM platform.job WHERE state = 'open' AND payload ->> 'runId' = $1`,
      [outcome.run.id],
    );
    expect(waiting).toEqual([{ name: 'platform.run-account-sync' }]);
  });

  it('rests where its upstream asks for more patience than a worker has, and goes on in the same queue', async () => {
    upstream.interfere = (_asked, request) => {
      if (request === 1) throw new SyncFault('rate_limited', 'maintenance', { retryAfterMs: 600_000 });
    };
    const outcome = await begin(ANNA, 'player:anna');
    if (typeof outcome === 'string') throw new Error(outcome);
    await trial.turn(outcome.run.id);
    expect(await trial.engine.desk.findView(ANNA, 'trial', 'player:anna')).toMatchObject({
      state: 'rate_limited',
      retryAt: new Date(trial.clock.nowMs + 600_000),
    });
    expect(await jobNames()).toEqual([{ name: 'platform.run-account-sync' }]);
  });
});

describe('a family', () => {
  it.each(['player', 'trial', 'Not A Name'])('cannot be called %s', (prefix) => {
    const family = Object.assign(new Players(), { prefix });
    expect(() => trial.registry.registerFamily(family)).toThrow(StartupError);
  });
});
