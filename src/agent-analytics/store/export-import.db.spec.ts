import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { AgentsTrial } from '../../../test/support/agents-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { ExportImport } from './export-import.service.js';

let units: TestUnits;
let agents: AgentsTrial;
let imports: ExportImport;

beforeAll(async () => {
  units = await openUnits();
  agents = new AgentsTrial(units);
  imports = new ExportImport(units.system, agents.tables, agents.figures);
});

afterAll(() => units.close());

const trace = (cost: number, updatedAt: string): object => ({
  id: 't1',
  timestamp: '2026-01-05T10:00:00.000Z',
  session_id: 's1',
  tags: ['chapter_1'],
  metadata: { mortal: 'Maya' },
  total_cost: cost,
  updated_at: updatedAt,
});
const agent = {
  id: 'o1',
  trace_id: 't1',
  type: 'AGENT',
  name: 'Mortal',
  start_time: '2026-01-05T10:00:00.000Z',
  end_time: '2026-01-05T10:00:02.000Z',
};
const fileOf = (...lines: (object | string)[]): Buffer =>
  Buffer.from(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
const WRITTEN = new Date('2026-01-06T00:00:00Z');
const take = (project: string, file: Buffer): ReturnType<ExportImport['importFile']> =>
  imports.importFile(project, Readable.from([file]), WRITTEN);

describe('a file of a blob export', () => {
  it('becomes rows and figures, but for the lines that cannot be read; a second time nothing changes', async () => {
    const file = fileOf(trace(0.5, '2026-01-05T10:01:00Z'), '{"broken', agent, '', { unknown: 1 });
    expect(await take('once', file)).toEqual({
      lines: 5,
      inserted: 2,
      updated: 0,
      unchanged: 0,
      refusedCount: 2,
      refused: [
        { line: 2, reason: 'no JSON' },
        { line: 5, reason: 'of no known table' },
      ],
    });
    const derived = await agents.derived('once');
    expect(derived['session_figure']).toMatchObject([{ session_id: 's1', cost_usd: 0.5, mortal: 'Maya' }]);
    expect(derived['agent_run']).toMatchObject([{ name: 'Mortal', latency_ms: 2_000 }]);
    expect(await take('once', gzipSync(file))).toMatchObject({ inserted: 0, updated: 0, unchanged: 2 });
    expect(await agents.derived('once')).toEqual(derived);
  });

  it('with two versions of a row leaves the newer, also where the older comes in a later file', async () => {
    const newer = trace(0.9, '2026-01-05T10:09:00Z');
    await take('twice', fileOf(trace(0.5, '2026-01-05T10:01:00Z'), newer));
    await take('twice', fileOf(trace(0.1, '2026-01-05T10:02:00Z')));
    expect((await agents.derived('twice'))['trace_figure']).toMatchObject([{ cost_usd: 0.9 }]);
  });

  it('that is damaged is refused, and what came before is kept', async () => {
    const whole = gzipSync(
      fileOf(
        ...Array.from({ length: 2_000 }, (_none, n) => ({ ...agent, id: `o${n}`, trace_id: `t${n % 7}` })),
      ),
    );
    await expect(take('damaged', whole.subarray(0, whole.length >> 1))).rejects.toThrow('damaged');
    // What is kept of it counts, though nothing else may ever come.
    const kept = (await agents.raw('damaged'))['observation']!;
    expect(kept.length).toBeGreaterThan(0);
    expect((await agents.derived('damaged'))['agent_run']).toHaveLength(kept.length);
    await expect(take('damaged', whole)).resolves.toMatchObject({ lines: 2_000 });
    expect((await agents.raw('damaged'))['observation']).toHaveLength(2_000);
  });
});
