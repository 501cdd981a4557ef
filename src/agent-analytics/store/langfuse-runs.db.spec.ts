import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentsTrial, NEVER } from '../../../test/support/agents-trial.js';
import { type LangfuseTrial, openLangfuse } from '../../../test/support/langfuse-trial.js';
import { DAY_MS, DOMAIN, HOUR_MS, NOON, SyncTrial } from '../../../test/support/sync-trial.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { storyWorld } from '../../sandbox/langfuse/story-world.js';
import { LangfuseSource } from '../langfuse/langfuse.source.js';

// Whole runs: the engine, the real streams and the real tables, on a virtual clock.

let trial: SyncTrial;
let agents: AgentsTrial;
let langfuse: LangfuseTrial;

/** Plays of the days before noon, and some that clients with wrong clocks have dated tomorrow. */
const world = storyWorld({
  projectId: 'proj',
  seed: 6,
  fromMs: NOON - 2 * DAY_MS,
  untilMs: NOON + DAY_MS - HOUR_MS,
  observations: 300,
});

beforeAll(async () => {
  trial = await SyncTrial.open();
  agents = new AgentsTrial(trial.units);
});

afterAll(async () => {
  await trial.close();
});

async function open(generation: 'legacy' | 'events-only', project: string): Promise<string> {
  langfuse = await openLangfuse(trial.units, world, { generation });
  const client = langfuse.clientWith({ name: project, since: new Date(NOON - 10 * DAY_MS) });
  const source = new LangfuseSource(client, 300_000, agents.tables.storeOf(project));
  trial.registry.register([Object.assign(source, { domain: DOMAIN, pagePauseMs: 0 })]);
  return source.id;
}

describe.each(['legacy', 'events-only'] as const)('a run of the %s API', (generation) => {
  it('P10: stores rows that are dated tomorrow today, and they hold nothing up', async () => {
    const project = `tomorrow-${generation}`;
    const id = await open(generation, project);
    try {
      expect(await trial.sync('incremental', null, id)).toMatchObject({ state: 'succeeded' });
      const whole = `whole-${generation}`;
      await agents.copy(langfuse, whole);
      const [run, all] = [await agents.derived(project), await agents.derived(whole)];
      expect(run).toEqual(all);
      const dated = run['trace_figure']!.filter(({ at }) => Date.parse(at as string) > NOON + 12 * HOUR_MS);
      expect(dated.length).toBeGreaterThan(0);
      const { completeThrough } = await trial.status(id);
      expect(completeThrough).toEqual(new Date(NOON - 60_000));
      const [mark] = await trial.units.owner<{ at: Date }>(
        'SELECT max(watermark_at) AS at FROM platform.sync_watermark WHERE source_id = $1',
        [id],
      );
      expect(mark!.at).toEqual(new Date(NOON - 60_000));
    } finally {
      await langfuse.close();
    }
  });
});

describe('a rebuild of everything', () => {
  it('is made by the first rebuild after its request, however often that is begun', async () => {
    const project = 'asked';
    await open('legacy', project);
    await agents.copy(langfuse, project);
    await langfuse.close();
    const whole = await agents.derived(project);
    await trial.units.owner(`UPDATE agent_analytics.trace_figure SET cost_usd = -1 WHERE project_id = $1`, [
      project,
    ]);
    await agents.figures.rebuildDirty(project, NEVER);
    expect(await agents.derived(project)).not.toEqual(whole); // nothing of it is known to be out of date
    await trial.units.app.run(agents.caller, (tx) => agents.figures.requestAll(tx, project));
    // The first try dies before it has marked anything.
    await expect(agents.figures.rebuildDirty(project, AbortSignal.abort(new Error('dead')))).rejects.toThrow(
      'dead',
    );
    await trial.units.app.run(agents.caller, (tx) => agents.figures.requestAll(tx, project));
    await agents.figures.rebuildDirty(project, NEVER);
    expect(await agents.derived(project)).toEqual(whole);
    expect(await trial.units.owner('SELECT * FROM agent_analytics.dirty_project')).toEqual([]);
  });

  it('can be asked for while one is under way, which is not waited for, and is made after it', async () => {
    const { units } = trial;
    const request = (): Promise<void> =>
      units.app.run(agents.caller, (tx) => agents.figures.requestAll(tx, 'twice'));
    await request();
    await units.system.run(SYSTEM_SCOPE, async (tx) => {
      await tx.query("DELETE FROM agent_analytics.dirty_project WHERE project_id = 'twice'");
      await request();
    });
    expect(await units.owner('SELECT project_id FROM agent_analytics.dirty_project')).toEqual([
      { project_id: 'twice' },
    ]);
    await agents.figures.rebuildDirty('twice', NEVER);
    expect(await units.owner('SELECT * FROM agent_analytics.dirty_project')).toEqual([]);
  });
});
