import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Statement, Tx } from '../../src/platform/database/unit-of-work.js';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';
import { AnalysesRepository } from '../../src/running/analysis/analyses.repository.js';
import { EFFORT_DISTANCES_M } from '../../src/running/analysis/best-efforts.js';
import { RunnerFiguresRepository } from '../../src/running/analytics/runner-figures.repository.js';
import { GhostCurvesRepository } from '../../src/running/ghosts/ghost-curves.repository.js';
import { GhostsRepository } from '../../src/running/ghosts/ghosts.repository.js';
import { OpenGhostsRepository } from '../../src/running/ghosts/open-ghosts.repository.js';
import { RecordRunsRepository } from '../../src/running/ghosts/record-runs.repository.js';
import { RaceParticipantsRepository } from '../../src/running/races/race-participants.repository.js';
import { RaceResultsRepository } from '../../src/running/races/race-results.repository.js';
import { RacesRepository } from '../../src/running/races/races.repository.js';
import { FIX_STEPS } from '../../src/running/recordings/fix-codec.js';
import type { Fix } from '../../src/running/recordings/fix.js';
import { FixesRepository } from '../../src/running/recordings/fixes.repository.js';
import { RunEventsRepository } from '../../src/running/recordings/run-events.repository.js';
import { RouteShapesRepository } from '../../src/running/routes/route-shapes.repository.js';
import { RoutesRepository } from '../../src/running/routes/routes.repository.js';
import { RunRoutesRepository } from '../../src/running/routes/run-routes.repository.js';
import { RunsRepository } from '../../src/running/runs/runs.repository.js';
import { ShownRunsRepository } from '../../src/running/runs/shown-runs.repository.js';
import { TracksRepository } from '../../src/running/runs/tracks.repository.js';
import { VisibleRunsRepository } from '../../src/running/runs/visible-runs.repository.js';
import { genericPlanOf, indexes, planOf, type PlanNode, plansWithin, readWhole } from '../support/plans.js';
import { openUnits, type TestUnits } from '../support/units.js';

/**
 * What runners wait for, planned by PostgreSQL under row-level security on tables of forty of them with three hundred runs each: every
 * statement finds its rows by an index, whatever the others have. A plan that reads a whole table would pass every other test.
 */
let units: TestUnits;

const id = (kind: string, user: number, number: number): string =>
  `${kind}-${user.toString(16).padStart(4, '0')}-7000-8000-${number.toString(16).padStart(12, '0')}`;
const [RUN, ROUTE, GHOST, RACE] = ['01890001', '01890002', '01890003', '01890004'];
const USER = id('01890000', 7, 0);
const OF_USER = { id: USER };
const A_RUN = id(RUN, 7, 9);
const A_ROUTE = id(ROUTE, 7, 9);
const A_GHOST = id(GHOST, 7, 9);
const A_RACE = id(RACE, 7, 9);
/** The same in SQL, of user `u` and number `n`. */
const sqlId = (kind: string, number = 'n'): string =>
  `('${kind}-' || lpad(to_hex(u), 4, '0') || '-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
const user = sqlId('01890000', '0');
const each = (numbers: number): string => `generate_series(1, 40) u, generate_series(1, ${numbers}) n`;

beforeAll(async () => {
  units = await openUnits();
  await units.owner(`
    INSERT INTO running.run (id, user_id, source, status, visibility, started_at, distance_m, elapsed_time_s, moving_time_s, has_track,
        track_version, change_seq)
      SELECT ${sqlId(RUN)}, ${user}, 'app', 'finished', CASE WHEN n % 10 = 0 THEN 'public' ELSE 'private' END,
        now() - n * interval '1 day', 1000 + n, 3000, 3000, true, 1, nextval('running.run_change_seq') FROM ${each(300)};
    INSERT INTO running.run_tombstone (user_id, run_id, change_seq)
      SELECT ${user}, gen_random_uuid(), nextval('running.run_change_seq') FROM ${each(50)};
    INSERT INTO running.track (run_id, user_id, point_count, codec, points, version)
      SELECT ${sqlId(RUN)}, ${user}, 1, 1, '\\x00', 1 FROM ${each(300)};
    INSERT INTO running.fix (user_id, run_id, seq, at_ms, lat_deg, lon_deg)
      SELECT ${user}, ${sqlId(RUN, '1 + n % 20')}, n, n * 1000, 47, 8 FROM ${each(1_000)};
    INSERT INTO running.folded_fixes (run_id, user_id, fix_count, seqs, codec, fixes)
      SELECT ${sqlId(RUN)}, ${user}, 1, '{[1,2)}', 1, '\\x00' FROM ${each(300)};
    INSERT INTO running.run_event (run_id, kind, seq, user_id, at_ms) SELECT ${sqlId(RUN)}, 'lap', 1, ${user}, 1000 FROM ${each(300)};
    INSERT INTO running.run_analysis (run_id, user_id, rules_version, track_version, distance_basis, active_time_s, splits_km, splits_mi)
      SELECT ${sqlId(RUN)}, ${user}, 1, 1, 'gps', 3000, '[]', '[]' FROM ${each(300)};
    INSERT INTO running.best_effort (run_id, distance_m, user_id, elapsed_time_s, start_m, start_s)
      SELECT ${sqlId(RUN)}, d, ${user}, d / 3 + n, 0, 0 FROM ${each(300)}, unnest(ARRAY[400, 1000, 5000]) d`);
  await units.owner(`
    INSERT INTO running.route (id, user_id, kind, lap_count, lap_distance_m, retraced, distance_m, forward_level_m, backward_level_m,
        south_deg, west_deg, north_deg, east_deg)
      SELECT ${sqlId(ROUTE)}, ${user}, 'loop', 1, 1000 + n, 0, 1000 + n, 1000, 1000, 47, 8, 47, 8 FROM ${each(100)};
    INSERT INTO running.route_shape (route_id, version, user_id, run_id, distance_m, places)
      SELECT ${sqlId(ROUTE)}, 1, ${user}, ${sqlId(RUN)}, 1000 + n, '\\x00' FROM ${each(100)};
    INSERT INTO running.route_cell (user_id, cell, route_id) SELECT ${user}, c + n * 5, ${sqlId(ROUTE)} FROM ${each(100)}, generate_series(1, 20) c;
    INSERT INTO running.run_route (run_id, route_id, user_id, relation, direction, is_main, coverage, route_coverage, passage_count, time_s,
        moving_time_s, from_ms, to_ms, track_version, shape_version)
      SELECT ${sqlId(RUN)}, ${sqlId(ROUTE, '1 + n % 100')}, ${user}, 'same', 'forward', true, 1, 1, 1, 300 + n, 300, 0, 300000, 1, 1 FROM ${each(300)}`);
  await units.owner(`
    INSERT INTO running.ghost (id, user_id, type, name, basis, is_public, distance_m, duration_s, share_digest, share_expires_at, curve_state,
        curve_version)
      SELECT ${sqlId(GHOST)}, ${user}, 'past_run', 'Ghost', 'route', n % 20 = 0, 5000, 1500, sha256((u || ' ' || n)::bytea),
        now() + interval '1 day', 'ready', 1 FROM ${each(100)};
    INSERT INTO running.ghost_source (ghost_id, position, user_id, run_id, from_ms)
      SELECT ${sqlId(GHOST)}, 0, ${user}, ${sqlId(RUN)}, 0 FROM ${each(100)};
    INSERT INTO running.ghost_curve (ghost_id, version, user_id, rules_version, curve) SELECT ${sqlId(GHOST)}, 1, ${user}, 1, '\\x00' FROM ${each(100)};
    INSERT INTO running.race (id, user_id, mode, status) SELECT ${sqlId(RACE)}, ${user}, 'ghosts', 'finished' FROM ${each(100)};
    INSERT INTO running.race_ghost (race_id, position, user_id, ghost_id, origin_ghost_id, curve_version, name, type)
      SELECT ${sqlId(RACE)}, 0, ${user}, ${sqlId(GHOST)}, ${sqlId(GHOST)}, 1, 'Ghost', 'past_run' FROM ${each(100)};
    INSERT INTO running.race_participant (race_id, user_id, number, run_id, state)
      SELECT ${sqlId(RACE)}, ${user}, 1, ${sqlId(RUN)}, 'finished' FROM ${each(100)};
    INSERT INTO running.race_result (id, run_id, ghost_id, user_id, race_id, origin_ghost_id, ghost_name, ghost_type, status, ghost_time_s,
        distance_completed_m, completion_ratio, curve_version, track_version, rules_version)
      SELECT gen_random_uuid(), ${sqlId(RUN)}, ${sqlId(GHOST)}, ${user}, ${sqlId(RACE)}, ${sqlId(GHOST)}, 'Ghost', 'past_run', 'won', 1500,
        5000, 1, 1, 1, 1 FROM ${each(100)};
    ANALYZE`);
}, 90_000);

afterAll(() => units.close());

const WHOLE_IS_BEST = new Set<string>();
const wholeTables = (nodes: readonly PlanNode[]): string[] => readWhole(nodes, WHOLE_IS_BEST);
/** An index that is read from its one end to the other is no better than the table. */
const readAll = (nodes: readonly PlanNode[]): string[] =>
  nodes.flatMap((node) =>
    node['Index Name'] !== undefined &&
    !('Index Cond' in node) &&
    !node['Node Type'].startsWith('Bitmap Heap')
      ? [node['Index Name']]
      : [],
  );

const shown = new ShownRunsRepository();
const routes = new RoutesRepository();
const runRoutes = new RunRoutesRepository();
const shapes = new RouteShapesRepository();
const analyses = new AnalysesRepository();
const everything = { sources: null, from: null, to: null };
const all = { kind: null, minDistanceM: null, maxDistanceM: null };
const NOW = new Date();
const YESTERDAY = new Date(NOW.getTime() - 86_400_000).toISOString();

describe('reads of one statement, in the runner’s own scope', () => {
  it.each<[string, Statement, RegExp]>([
    ['a run', shown.findOwn(A_RUN), /pk_run|uq_run_owner/],
    ['the newest runs', shown.listOwn(USER, everything, { sort: 'date', order: 'desc' }, null, 51), /ix_run_started_at/], // prettier-ignore
    ['the next page of runs', shown.listOwn(USER, everything, { sort: 'date', order: 'desc' }, [YESTERDAY, A_RUN], 51), /ix_run_started_at/], // prettier-ignore
    ['what has changed', shown.listChanges(USER, 100, 200), /ix_run_change/],
    ['a track', new TracksRepository().findStatement(A_RUN), /(?:pk|ix)_track/],
    ['an analysis', analyses.findAnalysis(A_RUN), /(?:pk|ix)_run_analysis/],
    ['best efforts of a run', analyses.listEfforts(A_RUN), /(?:pk|ix)_best_effort/],
    ['a route', routes.findStatement(USER, A_ROUTE), /ix_run_route_route/],
    ['the list of routes', routes.listStatement(USER, all, null, 51), /uq_route_owner/],
    ['the next page of routes', routes.listStatement(USER, all, [YESTERDAY, A_ROUTE], 51), /uq_route_owner/],
    ['the most used routes', routes.mostUsedStatement(USER, 100), /uq_route_owner/],
    ['runs on a route', runRoutes.runsStatement(USER, A_ROUTE, true, null, 51), /ix_run_route_route/],
    ['times on routes', runRoutes.timesStatement(USER, [A_ROUTE]), /ix_run_route_route/],
    ['routes of a run', runRoutes.listOfRunStatement(USER, A_RUN), /pk_run_route|ix_run_route_run/],
    ['routes that share squares', shapes.candidatesStatement(USER, [9, 10, 11, 12], 3, 80, null), /pk_route_cell/], // prettier-ignore
    ['the way of a route', shapes.placesStatement(USER, [{ routeId: A_ROUTE, shapeVersion: 1 }]), /(?:pk|ix)_route_shape/], // prettier-ignore
  ])('find %s by an index', async (_what, statement, index) => {
    const [own, generic] = await units.app.run(OF_USER, async (tx) => [
      await planOf(tx, statement),
      statement.isPlannedAnew === true || statement.values.some(Array.isArray)
        ? []
        : await genericPlanOf(tx, statement),
    ]);
    expect(wholeTables([...own, ...generic])).toEqual([]);
    expect(readAll([...own, ...generic])).toEqual([]);
    expect(indexes(own).join('\n')).toMatch(index);
  });
});

const ghosts = new GhostsRepository();
const records = new RecordRunsRepository();
const results = new RaceResultsRepository();
const figures = new RunnerFiguresRepository();
const fixes = new FixesRepository();
/** Arrays without elements, as PostgreSQL sends them. */
const NO_FIXES = [
  Object.fromEntries(['seq', ...FIX_STEPS.map(([name]) => name)].map((name) => [name, Buffer.alloc(12)])),
];

describe('statements of a transaction, in the runner’s own scope', () => {
  it.each<[string, (tx: Tx) => Promise<unknown>, RegExp, object[]?]>([
    ['the own ghosts', (tx) => ghosts.listPage(tx, USER, { type: null, isActive: null }, null, 51), /uq_ghost_owner/], // prettier-ignore
    ['a ghost', (tx) => ghosts.findGhost(tx, USER, A_GHOST), /(?:pk|ix)_ghost_source/],
    ['the record over a distance', (tx) => records.findByDistance(tx, USER, 5_000), /ix_best_effort_time/],
    ['the record on a route', (tx) => records.findByRoute(tx, USER, A_ROUTE), /ix_run_route_route/],
    ['results of a run', (tx) => results.listByRun(tx, A_RUN), /uq_race_result_run/],
    ['results of a race', (tx) => results.listByRace(tx, USER, A_RACE), /ix_race_result_race/],
    ['the history of races', (tx) => results.listPage(tx, USER, null, 51), /ix_race_result_user/],
    ['wins and losses', (tx) => results.summarize(tx, USER), /ix_race_result_user/],
    ['runs of a time', (tx) => figures.listRuns(tx, USER, { from: new Date(YESTERDAY), to: NOW }), /ix_run_started_at/], // prettier-ignore
    ['records', (tx) => figures.listFastest(tx, USER, EFFORT_DISTANCES_M, null, 1), /ix_best_effort_time/],
    ['numbers of fixes', (tx) => fixes.findRanges(tx, USER, A_RUN), /pk_fix/],
    ['some fixes', (tx) => fixes.listFixes(tx, USER, A_RUN, [1, 2, 3]), /pk_fix/, NO_FIXES],
    ['fixes that wait', (tx) => fixes.findWaiting(tx, USER, A_RUN), /pk_fix/, NO_FIXES],
    ['presses of buttons', (tx) => new RunEventsRepository().listEvents(tx, A_RUN), /(?:pk|ix)_run_event/],
    [
      'a run to delete, and what hangs on it',
      (tx) => new RunsRepository().deleteRun(tx, A_RUN),
      /pk_run|uq_run_owner/,
    ],
    ['routes that nobody runs', (tx) => routes.deleteForsaken(tx, USER), /uq_route_owner/],
  ])('find %s by an index', async (_what, method, ...[index, answer]) => {
    const plans = await plansWithin((work) => units.app.run(OF_USER, work), method, answer);
    for (const nodes of plans) expect({ whole: wholeTables(nodes) }).toEqual({ whole: [] });
    expect(plans.flatMap(indexes).join('\n')).toMatch(index);
  });
});

const open = new OpenGhostsRepository();
const races = new RacesRepository();
const participants = new RaceParticipantsRepository();
const unfiltered = { types: null, difficulty: null, leastM: null, mostM: null };

describe('statements of the platform’s role, which see everybody’s rows', () => {
  const aFix = (seq: number): Fix => ({
    ...{ seq, atMs: 1_000 * seq, latDeg: 47, lonDeg: 8, accuracyM: 4, altitudeM: 400 },
    ...{ speedMps: NaN, bearingDeg: NaN, heartRateBpm: NaN, cadenceSpm: NaN },
  });
  const batch = [A_RUN, id(RUN, 8, 9)].map((runId, at) => ({
    runId,
    userId: at === 0 ? USER : id('01890000', 8, 0),
    fixes: Array.from({ length: 50 }, (_, at) => aFix(at)),
  }));

  it.each<[string, (tx: Tx) => Promise<unknown>, RegExp, object[]?]>([
    ['a batch of fixes’ runs', (tx) => fixes.insertFixes(tx, batch), /(?:pk|ix)_folded_fixes/],
    ['fixes to fold', (tx) => fixes.deleteFixes(tx, USER, A_RUN), /pk_fix/, NO_FIXES],
    ['folded fixes', (tx) => fixes.findFolded(tx, A_RUN), /(?:pk|ix)_folded_fixes/, []],
    ['public ghosts', (tx) => open.listPublic(tx, unfiltered, null, 51), /ix_ghost_public/],
    ['a public ghost', (tx) => open.findPublic(tx, A_GHOST), /pk_ghost|uq_ghost_owner|ix_ghost_public/],
    ['the ghost of a link', (tx) => open.findByShare(tx, Buffer.alloc(32), NOW), /uq_ghost_share/],
    [
      'ghosts for a race',
      (tx) => open.listUsable(tx, USER, [A_GHOST], NOW),
      /pk_ghost|uq_ghost_owner|ix_ghost_public/,
    ],
    ['a curve', (tx) => new GhostCurvesRepository().findCurve(tx, A_GHOST, 1), /(?:pk|ix)_ghost_curve/],
    ['ghosts of a run that has changed', (tx) => new GhostCurvesRepository().listStaleOfRun(tx, A_RUN), /ix_ghost_source_run/], // prettier-ignore
    ['races of a runner', (tx) => races.listPage(tx, USER, null, 51), /ix_race_participant_user/],
    ['a race', (tx) => races.findRace(tx, USER, A_RACE), /pk_race|uq_race_owner/],
    ['ghosts of races', (tx) => races.listGhosts(tx, [A_RACE]), /(?:pk|uq|ix)_race_ghost/],
    ['participants', (tx) => participants.listParticipants(tx, [A_RACE]), /race_participant/],
    ['the participant of a run', (tx) => participants.findByRun(tx, A_RUN), /uq_race_participant_run/],
    ['public runs of a runner', (tx) => tx.query(shown.listPublic(USER, null, 11)), /ix_run_started_at/],
    ['a run that is shown', (tx) => tx.query(new VisibleRunsRepository().findStatement(A_RUN, USER)), /pk_run|uq_run_owner/], // prettier-ignore
  ])('find %s by an index', async (_what, method, ...[index, answer]) => {
    const plans = await plansWithin((work) => units.system.run(SYSTEM_SCOPE, work), method, answer);
    for (const nodes of plans) expect({ whole: wholeTables(nodes) }).toEqual({ whole: [] });
    expect(plans.flatMap(indexes).join('\n')).toMatch(index);
  });
});
