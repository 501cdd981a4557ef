import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageRoot } from '../../platform/config/package-root.js';
import type { ObjectiveSnapshot, RecordSnapshot } from '../bungie/profile-snapshot.js';
import { shippedCatalog } from './catalog.reader.js';
import { type CatalystStatus, judgeCatalyst, type RecordsOfProfile } from './judge-catalyst.js';

// The table is ours: what a real player's records (141, of which 67 carry progress; Bungie's triumph "Catalyst Collector" is left out)
// have to be judged as. It was reckoned apart from this program, by a script in Python with exact fractions from the answer of Bungie,
// and those below were checked by eye and pencil.
const tablePath = join(packageRoot(), 'test/data/destiny/catalyst-records.tsv');
const samplePath = resolve(packageRoot(), '../shared/data/destiny/profile_records_sample.json');

interface Row {
  record: RecordSnapshot;
  weapon: string;
  state: string;
  pct: number;
}

function readTable(): Row[] {
  const [, ...lines] = readFileSync(tablePath, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [hash, weapon, bits, objectives, state, pct] = line.split('\t') as [string, ...string[]];
    const parsed = objectives!.split(' ').filter((text) => text !== '');
    const record = recordOf(Number(hash), Number(bits), parsed.map(readObjective));
    return { record, weapon: weapon!, state: state!, pct: Number(pct) };
  });
}

/** "968/1000!" is 968 of 1000, said to be complete. */
function readObjective(text: string): Partial<ObjectiveSnapshot> {
  const [, progress, target, mark] = /^(\d+)\/(\d+)(!?)$/.exec(text)!;
  return { progress: Number(progress), completionValue: Number(target), isComplete: mark === '!' };
}

function recordOf(
  recordHash: number,
  state: number,
  objectives: readonly Partial<ObjectiveSnapshot>[],
): RecordSnapshot {
  return {
    recordHash,
    state,
    objectives: objectives.map((given, index) => ({
      objectiveHash: index + 1,
      progress: 0,
      completionValue: 100,
      isComplete: false,
      isVisible: true,
      ...given,
    })),
  };
}

function profileWith(records: readonly RecordSnapshot[]): RecordsOfProfile {
  return {
    records: 'present',
    profileRecords: new Map(records.map((record) => [record.recordHash, record])),
    characterRecords: new Map(),
  };
}

const catalog = shippedCatalog();
const facts = catalog.ofName('Arbalest')!;
const judge = (state: number, objectives: readonly Partial<ObjectiveSnapshot>[] = []): CatalystStatus =>
  judgeCatalyst(profileWith([recordOf(facts.recordHash, state, objectives)]), facts);

describe('the hand-checked table', () => {
  const rows = readTable();

  it('holds the 141 records of the catalog, 67 of them with progress', () => {
    expect(rows.map(({ record }) => record.recordHash).sort()).toEqual(
      catalog.catalysts.map(({ recordHash }) => recordHash).sort(),
    );
    expect(rows.filter(({ record }) => record.objectives.length > 0)).toHaveLength(67);
  });

  it.each(readTable().map((row) => [row.weapon, row] as const))('%s', (weapon, row) => {
    const own = catalog.ofRecord(row.record.recordHash)!;
    const status = judgeCatalyst(profileWith(rows.map(({ record }) => record)), own);
    expect(own.weaponName).toBe(weapon);
    expect({ state: status.state, pct: status.pct }).toEqual({ state: row.state, pct: row.pct });
  });

  it.each([
    ["Ager's Scepter", 'complete', 100], // 968 of 1000, said to be complete
    ['Borealis', 'in_progress', 44.6], // (2/2 + 6/150 + 28/150 + 84/150) / 4
    ["Dead Man's Tale", 'in_progress', 27.3], // 219/800
    ['D.A.R.C.I.', 'in_progress', 25], // (1/2 + 0/150) / 2
    ['The Prospector', 'in_progress', 63.4], // (2/2 + 134/500) / 2
    ['The Wardcliff Coil', 'in_progress', 50.1], // (2/2 + 1/400) / 2
    ['Telesto', 'in_progress', 50], // (2/2 + 0/300) / 2
    ['Monte Carlo', 'in_progress', 26.4], // 185/700
    ['Lord of Wolves', 'in_progress', 62.6], // 313/500
    ['Cloudstrike', 'in_progress', 30.7], // 123/400
    ['Thorn', 'in_progress', 2.1], // 15/700
    ['Fighting Lion', 'complete', 100], // 8685 of 250 bounties
    ['Black Talon', 'in_progress', 0], // found, 0 of 350
    ['Sturm', 'not_found', 0],
  ])('%s was checked by eye: %s, %d %%', (weapon, state, pct) => {
    const row = rows.find((each) => each.weapon === weapon);
    expect({ state: row?.state, pct: row?.pct }).toEqual({ state, pct });
  });

  const maybe = existsSync(samplePath) ? it : it.skip;
  maybe('is what the saved answer of Bungie holds (shared/data/destiny)', () => {
    interface RawObjective {
      progress: number;
      completionValue: number;
      complete: boolean;
      visible: boolean;
    }
    const { Response: answer } = JSON.parse(readFileSync(samplePath, 'utf8')) as {
      Response: {
        profileRecords: { data: { records: Record<string, { state: number; objectives: RawObjective[] }> } };
      };
    };
    for (const { record } of rows) {
      const raw = answer.profileRecords.data.records[record.recordHash]!;
      expect(raw.state).toBe(record.state);
      expect(
        raw.objectives.map((each) => [each.progress, each.completionValue, each.complete, each.visible]),
      ).toEqual(record.objectives.map((o) => [o.progress, o.completionValue, o.isComplete, o.isVisible]));
    }
  });
});

describe('states', () => {
  it.each([
    [0, 'complete'], // could be redeemed
    [1, 'complete'],
    [1 | 4 | 8, 'complete'], // redeemed, whatever else
    [2, 'complete'],
    [4, 'in_progress'],
    [2 | 4, 'in_progress'],
    [4 | 8, 'not_found'],
    [4 | 16, 'hidden'],
    [4 | 8 | 16, 'hidden'],
    [4 | 32, 'unavailable'],
    [4 | 8 | 16 | 32, 'unavailable'],
    [4 | 64, 'in_progress'],
    [4 | (2 ** 30), 'in_progress'], // a bit that Bungie may add
  ])('%i is %s', (bits, state) => {
    expect(judge(bits, [{ progress: 10 }]).state).toBe(state);
  });

  it('a record that no component holds is unknown', () => {
    expect(judgeCatalyst(profileWith([]), facts)).toEqual({
      recordHash: facts.recordHash,
      state: 'unknown',
      pct: 0,
      objectives: [],
    });
    const hidden: RecordsOfProfile = { ...profileWith([]), records: 'private' };
    expect(judgeCatalyst(hidden, facts).state).toBe('unknown');
  });

  it('a record whose objectives are all said to be complete is complete', () => {
    expect(judge(4, [{ progress: 968, completionValue: 1000, isComplete: true }]).pct).toBe(100);
  });
});

describe('where records come from', () => {
  const of = (progress: number, state = 4): RecordSnapshot =>
    recordOf(facts.recordHash, state, [{ progress }]);
  const charactersWith = (...records: RecordSnapshot[]): RecordsOfProfile['characterRecords'] =>
    new Map(records.map((record, index) => [String(index), new Map([[record.recordHash, record]])]));

  it('the profile, whatever its characters say', () => {
    const snapshot = { ...profileWith([of(10)]), characterRecords: charactersWith(of(90)) };
    expect(judgeCatalyst(snapshot, facts).pct).toBe(10);
  });

  it('else the character who is furthest: complete, then found, then by percent, in any order', () => {
    const found = [of(80, 12), of(20), of(30)];
    fc.assert(
      fc.property(fc.shuffledSubarray(found, { minLength: 3 }), (order) => {
        const snapshot = { ...profileWith([]), characterRecords: charactersWith(...order) };
        expect(judgeCatalyst(snapshot, facts)).toMatchObject({ state: 'in_progress', pct: 30 });
        const withDone = { ...snapshot, characterRecords: charactersWith(...order, of(0, 1)) };
        expect(judgeCatalyst(withDone, facts).state).toBe('complete');
      }),
    );
  });
});

describe('objectives', () => {
  it('fall back to the target of the definition, and have texts of the catalog where both count alike', () => {
    const [target, text] = [facts.objectives[0]!.target, facts.objectives[0]!.text];
    const [known] = judge(4, [{ progress: target / 2, completionValue: null }]).objectives;
    expect(known).toMatchObject({ target, text, ratio: 0.5 });
    const more = judge(4, [{ completionValue: null }, {}]);
    expect(more.objectives.map((each) => [each.text, each.target])).toEqual([
      [null, null],
      [null, 100],
    ]);
  });

  it('are matched by hash where the catalog has hashes', () => {
    const own = {
      ...facts,
      objectives: [
        { text: 'second', target: 5, objectiveHash: 2 },
        { text: 'first', target: 7, objectiveHash: 1 },
      ],
    };
    const record = recordOf(own.recordHash, 4, [{ completionValue: null }, { completionValue: null }]);
    const { objectives } = judgeCatalyst(profileWith([record]), own);
    expect(objectives.map((each) => [each.text, each.target])).toEqual([
      ['first', 7],
      ['second', 5],
    ]);
  });

  it('keep a missing progress missing and count it as none', () => {
    const status = judge(4, [{ progress: null }, { progress: 50 }]);
    expect(status.pct).toBe(25);
    expect(status.objectives[0]).toMatchObject({ progress: null, ratio: 0 });
  });

  it('that are not shown do not count, and a target of zero divides nothing', () => {
    expect(judge(4, [{ progress: 50 }, { progress: 0, isVisible: false }]).pct).toBe(50);
    expect(judge(4, [{ progress: 5, completionValue: 0 }]).pct).toBe(0);
  });

  it('that are all full although the record is not complete stay below 100', () => {
    expect(judge(4, [{ progress: 700 }]).pct).toBe(99.9);
  });
});

describe('properties', () => {
  const objective = fc.record({
    progress: fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
    completionValue: fc.option(fc.integer({ min: -1, max: 2_000 })),
    isComplete: fc.boolean(),
    isVisible: fc.boolean(),
  });
  const objectives = fc.array(objective, { maxLength: 6 });
  const bits = fc.integer({ min: 0, max: 127 });

  it('0 <= pct <= 100, and 100 is exactly complete', () => {
    fc.assert(
      fc.property(bits, objectives, (state, given) => {
        const status = judge(state, given);
        expect(status.pct).toBeGreaterThanOrEqual(0);
        expect(status.pct).toBeLessThanOrEqual(100);
        expect(status.pct === 100).toBe(status.state === 'complete');
        for (const { ratio } of status.objectives) expect(ratio >= 0 && ratio <= 1).toBe(true);
      }),
    );
  });

  it('more progress never lowers the percentage', () => {
    const grown = fc.tuple(objective, fc.nat(3_000));
    fc.assert(
      fc.property(bits, fc.array(grown, { minLength: 1, maxLength: 6 }), (state, pairs) => {
        const before = pairs.map(([given]) => given);
        const after = pairs.map(([given, more]) => ({ ...given, progress: (given.progress ?? 0) + more }));
        const known = before.map((each) => ({ ...each, progress: each.progress ?? 0 }));
        expect(judge(state, after).pct).toBeGreaterThanOrEqual(judge(state, known).pct);
      }),
    );
  });
});
