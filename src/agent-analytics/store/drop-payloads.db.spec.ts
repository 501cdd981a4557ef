import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentsTrial, NEVER, PROJECT } from '../../../test/support/agents-trial.js';
import { openLangfuse } from '../../../test/support/langfuse-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { JobRun } from '../../platform/jobs/job-definition.js';
import { storyWorld } from '../../sandbox/langfuse/story-world.js';
import { SessionTextsRepository } from '../figures/session-texts.repository.js';
import { DropPayloadsHandler } from './drop-payloads.handler.js';
import { RawRowsRepository } from './raw-rows.repository.js';

const DAY_MS = 86_400_000;

let units: TestUnits;
let agents: AgentsTrial;

beforeAll(async () => {
  units = await openUnits();
  agents = new AgentsTrial(units);
  // Plays of the last 100 days: texts in four or five months.
  const untilMs = Date.now();
  const world = storyWorld({
    projectId: 'proj',
    seed: 4,
    fromMs: untilMs - 100 * DAY_MS,
    untilMs,
    observations: 600,
  });
  const trial = await openLangfuse(units, world, { generation: 'legacy' });
  await agents.copy(trial);
  await trial.close();
});

afterAll(() => units.close());

const drop = (months: number): Promise<void> =>
  new DropPayloadsHandler(
    { agentPayloadMonths: months },
    units.system,
    new RawRowsRepository(),
    new SessionTextsRepository(),
  ).handle({}, { progress: () => undefined, signal: NEVER } as unknown as JobRun);

async function months(): Promise<string[]> {
  const rows = await units.owner<{ month: string }>(
    `SELECT DISTINCT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM') AS month FROM agent_analytics.payload ORDER BY 1`,
  );
  return rows.map(({ month }) => month);
}

describe('texts', () => {
  it('stay for so many whole months and the current one, while figures stay for good', async () => {
    const all = await months();
    expect(all.length).toBeGreaterThanOrEqual(4);
    const { session_text: texts, ...figures } = await agents.derived();
    const told = (rows: Record<string, unknown>[]): number =>
      rows.filter(({ lines }) => (lines as unknown[]).length > 0).length;
    await drop(0);
    expect(await months()).toEqual(all);
    await drop(1);
    const now = new Date();
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1))
      .toISOString()
      .slice(0, 7);
    expect(await months()).toEqual(all.filter((month) => month >= first));
    await drop(1);
    const { session_text: left, ...after } = await agents.derived();
    expect(after).toEqual(figures);
    // Sessions are still found by their names, and by what was said where that is kept.
    expect(left!.length).toBe(texts!.length);
    expect([told(left!) > 0, told(left!) < told(texts!)]).toEqual([true, true]);
    for (const { first_at: at } of left!) expect(at === null || (at as string) >= first).toBe(true);
    for (const { lines, words, names } of left!)
      if ((lines as unknown[]).length === 0) expect(words).toBe(names);
    // Also made anew: what was offered and picked outlives the texts that said so.
    const choices = (figures['turn'] ?? []).filter(({ picked_key: key }) => key !== null);
    expect(choices.some(({ at }) => (at as string) < first)).toBe(true);
    await agents.figures.rebuildAll(PROJECT, NEVER);
    const { session_text: found, ...anew } = await agents.derived();
    expect(anew).toEqual(figures);
    for (const { first_at: at } of found!) expect(at === null || (at as string) >= first).toBe(true);
  });

  it('of the current month are never dropped, nor kept outside of this century', async () => {
    const ask = (sql: string): Promise<unknown> =>
      units.system.run({ id: '' }, (tx) => tx.query(`SELECT agent_analytics.${sql}`));
    await expect(ask('drop_payload_months(current_date + 40)')).rejects.toThrow(
      'only months that have ended',
    );
    await expect(ask('drop_payload_months(NULL)')).rejects.toThrow('only months that have ended');
    await expect(ask("ensure_payload_months(ARRAY[date '2009-12-31'])")).rejects.toThrow('from 2010');
    await expect(ask("ensure_payload_months(ARRAY[date '2100-01-01'])")).rejects.toThrow('from 2010');
    const before = await months();
    await ask("drop_payload_months((now() AT TIME ZONE 'UTC')::date)");
    const current = new Date().toISOString().slice(0, 7);
    expect(await months()).toEqual(before.filter((month) => month >= current));
  });
});
