import { hashOf } from './game-words.js';
import type { CatalystLife, PlayerLife } from './player-life.js';
import type { ObjectiveAnswer, RecordAnswer, SandboxCharacter, SandboxProfile } from './sandbox-player.js';

// Component 900: the records of a profile and of its characters. Beside the catalysts there are a triumph with Catalyst in its name, which is
// none, and records of other things, as many as are asked for.

/** "Catalyst Collector" of the game: it counts completed catalysts and is none itself. */
export const TRAP_RECORD = 3_959_847_875;
export const TRAP_OBJECTIVE = hashOf('objective/catalyst-collector');
export const CRAFTING_ROOT = hashOf('node/crafting-root');
export const RECORDS_ROOT = hashOf('node/records-root');
export const SEALS_ROOT = hashOf('node/seals-root');

const STATE = {
  redeemed: 1,
  incomplete: 4,
  obscured: 8,
  invisible: 16,
  unowned: 32,
  unknownToAll: 4_096,
} as const;

/** Hash of the nth record that is of no interest to anybody here. */
export function otherRecordHash(index: number): number {
  return hashOf(`other-record/${index}`);
}

export function otherObjectiveHash(index: number): number {
  return hashOf(`other-objective/${index}`);
}

export function profileRecords(
  profile: SandboxProfile,
  life: PlayerLife,
  otherCount: number,
): Record<string, RecordAnswer> {
  const exact = profile.player.options.profileRecords;
  const records: Record<string, RecordAnswer> = { ...exact };
  if (exact === undefined) {
    life.catalysts.forEach((one, index) => {
      const answer = withQuirk(recordOf(one), profile, index);
      if (!one.catalyst.isPerCharacter && answer !== 'absent') records[one.catalyst.recordHash] = answer;
    });
    records[TRAP_RECORD] = trapOf(life);
    for (let index = 0; index < otherCount; index += 1)
      records[otherRecordHash(index)] = otherRecord(index, life);
  }
  for (const [hash, answer] of profile.records) {
    if (answer === 'absent') delete records[hash];
    else records[hash] = answer;
  }
  return records;
}

/** The first character has done it all, the others have not begun; what cannot be had or seen is so for each. */
export function characterRecords(
  profile: SandboxProfile,
  life: PlayerLife,
  { characterId }: SandboxCharacter,
): Record<string, RecordAnswer> {
  const at = profile.characters.findIndex((one) => one.characterId === characterId);
  const { options } = profile.player;
  const exact = options.characterRecords?.[at];
  if (exact !== undefined) return exact;
  if (options.profileRecords !== undefined) return {};
  const records: Record<string, RecordAnswer> = {};
  life.catalysts.forEach((one, index) => {
    if (!one.catalyst.isPerCharacter || profile.records.has(one.catalyst.recordHash)) return;
    const answer = at === 0 ? withQuirk(recordOf(one), profile, index) : untouched(one);
    if (answer !== 'absent') records[one.catalyst.recordHash] = answer;
  });
  return records;
}

export function recordOf({ catalyst, stage, progress }: CatalystLife): RecordAnswer {
  const objectives = catalyst.objectives.map(({ objectiveHash, target }, index): ObjectiveAnswer => {
    const done = progress[index]!;
    return {
      objectiveHash,
      progress: done,
      completionValue: target,
      complete: done >= target,
      visible: true,
    };
  });
  return { state: stateOf(stage), objectives, intervalsRedeemedCount: 0 };
}

function stateOf(stage: CatalystLife['stage']): number {
  switch (stage) {
    case 'redeemed':
      return STATE.redeemed;
    case 'complete':
      return 0;
    case 'in-progress':
      return STATE.incomplete;
    case 'not-found':
      return STATE.incomplete | STATE.obscured;
    case 'unavailable':
      return STATE.incomplete | STATE.obscured | STATE.unowned;
    case 'hidden':
      return STATE.incomplete | STATE.obscured | STATE.invisible;
  }
}

function untouched(one: CatalystLife): RecordAnswer {
  const isBarred = one.stage === 'unavailable' || one.stage === 'hidden';
  const stage = isBarred ? one.stage : 'not-found';
  return recordOf({ ...one, stage, progress: one.progress.map(() => 0) });
}

/** See QUIRKS: each has its catalyst, counted from the first. */
function withQuirk(record: RecordAnswer, { player }: SandboxProfile, index: number): RecordAnswer | 'absent' {
  const objectives = record.objectives ?? [];
  const all = (change: (objective: ObjectiveAnswer) => Partial<ObjectiveAnswer>): ObjectiveAnswer[] =>
    objectives.map((objective) => ({ ...objective, ...change(objective) }));
  if (index === 0 && player.hasQuirk('absent-record')) return 'absent';
  if (index === 1 && player.hasQuirk('above-target')) {
    const above = all(({ completionValue }) => ({ progress: 3 * completionValue, complete: false }));
    return { ...record, state: STATE.incomplete, objectives: above };
  }
  if (index === 2 && player.hasQuirk('complete-below-target')) {
    const below = all(({ completionValue }) => ({
      progress: Math.floor(completionValue * 0.968),
      complete: true,
    }));
    return { ...record, state: STATE.redeemed, objectives: below };
  }
  if (index === 3 && player.hasQuirk('null-progress'))
    return {
      ...record,
      state: STATE.incomplete,
      objectives: all(() => ({ progress: null, complete: false })),
    };
  if (index === 4 && player.hasQuirk('unknown-enums'))
    return { ...record, state: record.state | STATE.unknownToAll };
  return record;
}

function trapOf(life: PlayerLife): RecordAnswer {
  const done = life.catalysts.filter(({ stage }) => stage === 'complete' || stage === 'redeemed').length;
  const completionValue = 10;
  const objective = {
    objectiveHash: TRAP_OBJECTIVE,
    progress: done,
    completionValue,
    complete: done >= completionValue,
    visible: true,
  };
  return {
    state: done >= completionValue ? STATE.redeemed : STATE.incomplete,
    objectives: [objective],
    intervalsRedeemedCount: 0,
  };
}

/** Some are done, some grow with the minutes played: an answer in which nothing else changes is rare. */
function otherRecord(index: number, life: PlayerLife): RecordAnswer {
  const completionValue = 50 + 25 * (index % 8);
  const progress = index % 5 === 0 ? Math.floor(life.minutesPlayed / (60 + index)) : (index * 7) % 400;
  const complete = progress >= completionValue;
  const objectiveHash = otherObjectiveHash(index);
  const objective = { objectiveHash, progress, completionValue, complete, visible: index % 13 !== 0 };
  return { state: complete ? 1 : 4, objectives: [objective], intervalsRedeemedCount: 0 };
}
