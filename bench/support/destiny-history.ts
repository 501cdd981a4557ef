import type { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { ProfileSnapshot, RecordSnapshot } from '../../src/destiny/bungie/profile-snapshot.js';
import { shippedCatalog } from '../../src/destiny/catalysts/catalog.reader.js';
import type { CatalystFacts } from '../../src/destiny/catalysts/catalog.js';
import { judgeCatalyst } from '../../src/destiny/catalysts/judge-catalyst.js';
import { randomOf } from './random-data.js';

const DAY_MS = 86_400_000;
const YEARS_MS = 2 * 365 * DAY_MS;
/** Of an objective that the catalog does not know. */
const USUAL_TARGET = 500;
const TRACKED = 12;
const OBSCURED_AND_OPEN = 12;
const OPEN = 4;
const REDEEMED = 1;

export interface FilledHistory {
  statuses: number;
  moves: number;
}

type Random = ReturnType<typeof randomOf>;

/**
 * Two years of one player, as readings would have left them: every catalyst with its objectives, some 10,000 moves of these, and what is
 * tracked. @param database in the system role
 */
export async function fillHistory(database: Client, userId: string, seed: number): Promise<FilledHistory> {
  const random = randomOf(seed, 11);
  const membershipId = uuidv7();
  const nowMs = Date.now();
  await database.query(
    `INSERT INTO destiny.membership (id, user_id, membership_type, membership_id, display_name, is_active, is_overridden,
       is_cross_save_primary, last_played_at, seen_at)
     VALUES ($1, $2, 3, '4611686018500000001', 'ada', true, false, false, now(), now())`,
    [membershipId, userId],
  );
  await database.query(
    `INSERT INTO destiny.profile (membership_id, user_id, minted_at, records_minted_at, records_state, inventory_state, last_played_at,
       minutes_played, catalysts_version, weapons_version, due_at)
     VALUES ($1, $2, now(), now(), 'present', 'present', now(), 90000, 2000, 3000, now() + interval '1 day')`,
    [membershipId, userId],
  );
  const catalysts = shippedCatalog().catalysts;
  const moves: unknown[][] = [];
  for (const facts of catalysts) {
    const record = recordOf(facts, random);
    const status = judgeCatalyst(onlyWith(record), facts);
    const isFound = status.state === 'complete' || status.state === 'in_progress';
    const foundMs = nowMs - (0.1 + 0.9 * random.uniform()) * YEARS_MS;
    const lastMs = foundMs + random.uniform() * (nowMs - foundMs);
    await database.query(
      `INSERT INTO destiny.catalyst_status (membership_id, user_id, record_hash, state, pct, objectives, found_at, completed_at,
         progressed_at, progressed_minutes)
       VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10)`,
      [
        membershipId,
        userId,
        facts.recordHash,
        status.state,
        status.pct,
        JSON.stringify(status.objectives),
        isFound ? new Date(foundMs) : null,
        status.state === 'complete' ? new Date(lastMs) : null,
        isFound ? new Date(lastMs) : null,
        isFound ? 80_000 : null,
      ],
    );
    if (isFound) moves.push(...movesOf(record, foundMs, lastMs));
  }
  const columns = [0, 1, 2, 3, 4, 5].map((column) => moves.map((move) => move[column]));
  await database.query(
    `INSERT INTO destiny.catalyst_progress (membership_id, user_id, record_hash, objective_hash, minted_at, progress, target, is_complete,
       minutes_played)
     SELECT $1, $2, * FROM unnest($3::bigint[], $4::bigint[], $5::timestamptz[], $6::int[], $7::int[], $8::bool[]), (VALUES (60000)) m`,
    [membershipId, userId, ...columns],
  );
  await database.query(
    'INSERT INTO destiny.tracked_catalyst (user_id, record_hash) SELECT $1, * FROM unnest($2::bigint[])',
    [userId, catalysts.slice(0, TRACKED).map(({ recordHash }) => recordHash)],
  );
  await database.query('ANALYZE destiny.catalyst_status, destiny.catalyst_progress').catch(() => undefined); // the owner's to do
  return { statuses: catalysts.length, moves: moves.length };
}

/** Two of five are complete, two in progress, one is not found. */
function recordOf(facts: CatalystFacts, random: Random): RecordSnapshot {
  const draw = random.uniform();
  const targets = facts.objectives.length > 0 ? facts.objectives.map(({ target }) => target) : [USUAL_TARGET];
  const isComplete = draw < 0.4;
  return {
    recordHash: facts.recordHash,
    state: isComplete ? REDEEMED : draw < 0.8 ? OPEN : OBSCURED_AND_OPEN,
    objectives: targets.map((target) => ({
      objectiveHash: Math.floor(random.uniform() * 2 ** 32),
      progress: isComplete ? target : draw < 0.8 ? Math.floor(random.uniform() * target) : 0,
      completionValue: target,
      isComplete,
      isVisible: true,
    })),
  };
}

function onlyWith(
  record: RecordSnapshot,
): Pick<ProfileSnapshot, 'records' | 'profileRecords' | 'characterRecords'> {
  return {
    records: 'present',
    profileRecords: new Map([[record.recordHash, record]]),
    characterRecords: new Map(),
  };
}

/** About five of an objective's units at a time. */
function movesOf({ recordHash, objectives }: RecordSnapshot, fromMs: number, untilMs: number): unknown[][] {
  return objectives.flatMap(({ objectiveHash, progress, completionValue, isComplete }) => {
    const steps = Math.max(1, Math.min(150, Math.floor((progress ?? 0) / 2)));
    return Array.from({ length: steps }, (_, step) => [
      recordHash,
      objectiveHash,
      new Date(fromMs + ((untilMs - fromMs) * (step + 1)) / steps),
      Math.floor(((progress ?? 0) * (step + 1)) / steps),
      completionValue,
      isComplete && step === steps - 1,
    ]);
  });
}
