import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { destinyFactsFolder, readDestinyFacts } from '../../../test/support/destiny-facts.js';
import { aMember } from '../../../test/support/notification-world.js';
import { ProfileSyncTrial } from '../../../test/support/profile-sync-trial.js';
import { AuditRepository } from '../../platform/audit/audit.repository.js';
import { Audit } from '../../platform/audit/audit.service.js';
import { packageRoot } from '../../platform/config/package-root.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import { TRAP_RECORD } from '../../sandbox/bungie/record-answer.js';
import type { RecordAnswer } from '../../sandbox/bungie/sandbox-player.js';
import { CatalystReads } from '../catalysts/catalyst-reads.service.js';
import { catalystsQuerySchema } from '../catalysts/catalysts-query.js';
import { CatalystsService } from '../catalysts/catalysts.service.js';

// A real player's records, over the whole path: Bungie's answer, engine, tables, and what the API says. The table was reckoned apart from
// this program and checked by hand (judge-catalyst.spec.ts); the records lie beside the repository.

type Records = Readonly<Record<string, RecordAnswer>>;
interface Sample {
  Response: {
    profileRecords: { data: { records: Records } };
    characterRecords?: { data: Record<string, { records: Records }> };
  };
}

const withSample = destinyFactsFolder === undefined ? describe.skip : describe;

function readTable(): { recordHash: number; state: string; pct: number; hasProgress: boolean }[] {
  const text = readFileSync(join(packageRoot(), 'test/data/destiny/catalyst-records.tsv'), 'utf8');
  const [, ...lines] = text.trimEnd().split('\n');
  return lines.map((line) => {
    const [hash, , , objectives, state, pct] = line.split('\t') as [string, ...string[]];
    return { recordHash: Number(hash), state: state!, pct: Number(pct), hasProgress: objectives !== '' };
  });
}

withSample('a real player (needs shared/data/destiny)', () => {
  it('is told the states and percents of the hand-checked table', async () => {
    const { Response } = JSON.parse(readDestinyFacts('profile_records_sample.json')) as Sample;
    const profileRecords = Response.profileRecords.data.records;
    const ofCharacters = Object.values(Response.characterRecords?.data ?? {}).map(({ records }) => records);
    expect(profileRecords).toHaveProperty(String(TRAP_RECORD));
    const trial = await ProfileSyncTrial.open({
      players: [{ name: 'sample', profileRecords, characterRecords: ofCharacters }],
    });
    try {
      const player = await trial.connect('sample');
      expect(await trial.read(player)).toMatchObject({ state: 'succeeded' });
      const { app } = trial.sync.units;
      const { statuses, catalog } = trial.store;
      const reads = new CatalystReads(app, statuses, catalog, new Profiler());
      const service = new CatalystsService(reads, catalog, statuses, app, new Audit(new AuditRepository()));
      const caller = aMember(player.userId);
      const query = catalystsQuerySchema.parse({});
      const { items, total } = await service.list(caller, query);
      const table = readTable();
      expect(table.filter(({ hasProgress }) => hasProgress)).toHaveLength(67);
      expect([total, table.length]).toEqual([141, 141]);
      const byHash = (a: { recordHash: number }, b: { recordHash: number }): number =>
        a.recordHash - b.recordHash;
      const told = items.map(({ recordHash, state, pct }) => ({ recordHash, state, pct })).sort(byHash);
      expect(told).toEqual(
        table.map(({ recordHash, state, pct }) => ({ recordHash, state, pct })).sort(byHash),
      );
      expect(told.map(({ recordHash }) => recordHash)).not.toContain(TRAP_RECORD);
      const summary = await service.summary(caller);
      expect(summary).toMatchObject({ isStale: true, recordsState: 'present' });
    } finally {
      await trial.close();
    }
  });
});
