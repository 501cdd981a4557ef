import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  copyWorld,
  isKnown,
  meanOf,
  type PlainStory,
  type PlainWorld,
  quantileOf,
  sumOf,
  WORLDS,
} from '../../../test/support/figure-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { READ_PRINCIPAL } from '../../platform/auth/principal.js';
import type { Statement } from '../../platform/database/unit-of-work.js';
import {
  AgentsRepository,
  type ErrorRow,
  type ExecutionRow,
  type ModelRow,
} from '../agents/agents.repository.js';
import { bucketStarts } from '../figures/bucket-starts.js';
import { COHORT_GROUPS, type CohortReturn, type CohortStart } from '../figures/cohorts.js';
import { WASTE_GROUPS } from '../figures/cost-groups.js';
import type { Range } from '../figures/range.js';
import { type CostRow, MetricsRepository } from '../metrics/metrics.repository.js';
import { type GapAgentRow, type GapRow, GapsRepository, type UnseenRow } from './gaps.repository.js';
import { toPairOutcome, toWasteFigures } from './outcomes.mapper.js';
import { type EndingRow, OutcomesRepository, type PairRow, type WasteRow } from './outcomes.repository.js';
import { RetentionRepository } from './retention.repository.js';
import { toChoiceFigures } from './story.mapper.js';
import {
  type BandRow,
  type ChapterWaitRow,
  type ChoiceRow,
  type RoundChoiceRow,
  type RoundRow,
  StoryRepository,
} from './story.repository.js';

// Figures of stories and agents equal what plain lists say, on random plays and on recorded ones.

const DAY_MS = 86_400_000;
let units: TestUnits;
const worlds = new Map<string, PlainWorld>();

beforeAll(async () => {
  units = await openUnits();
  for (const name of WORLDS) worlds.set(name, await copyWorld(units, name));
});

afterAll(() => units.close());

const read = <Row extends object>(statement: Statement): Promise<Row[]> =>
  units.app.read<Row>(READ_PRINCIPAL, statement);
const close = (value: number | null): unknown => (value === null ? null : expect.closeTo(value, 6));
const byText = <Row>(textOf: (row: Row) => string): ((a: Row, b: Row) => number) => {
  return (a, b) => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0);
};
const groupsOf = <Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> => {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
};

describe.each(WORLDS)('figures of %s', (name) => {
  const world = (): PlainWorld => worlds.get(name)!;
  const middleMs = (): number =>
    quantileOf(
      world().traces.map(({ atMs }) => atMs),
      0.5,
    )!;
  /** Everything; a half; one environment of the other half. */
  const ranges = (): Range[] => [
    { from: null, to: null, environment: null },
    { from: null, to: new Date(middleMs()), environment: null },
    { from: new Date(middleMs()), to: null, environment: 'default' },
  ];
  const within = <Row extends { atMs: number | null; environment: string }>(
    rows: readonly Row[],
    { from, to, environment }: Range,
  ): Row[] =>
    rows.filter(
      ({ atMs, environment: own }) =>
        atMs !== null &&
        (from === null || atMs >= from.getTime()) &&
        (to === null || atMs < to.getTime()) &&
        (environment === null || own === environment),
    );
  /** A time at which some stories are still played. */
  const settled = (): Date => new Date(middleMs() + DAY_MS / 8);
  const isActive = ({ isComplete, endedMs }: PlainStory): boolean =>
    !isComplete && endedMs > settled().getTime();

  it('endings and compatibility are those of the sessions of each pair', async () => {
    const outcomes = new OutcomesRepository();
    for (const range of ranges()) {
      const rows = await read<PairRow>(outcomes.pairsStatement(name, range, settled()));
      const endings = await read<EndingRow>(outcomes.endingsStatement(name, range, settled(), 'ending'));
      const stories = within(world().stories, range);
      const expected = [...groupsOf(stories, ({ mortal, match }) => JSON.stringify([mortal, match]))].map(
        ([key, own]) => {
          const [mortal, match] = JSON.parse(key) as [string | null, string | null];
          const complete = own.filter(({ isComplete }) => isComplete);
          const active = own.filter(isActive);
          const said = own.map(({ compatibility }) => compatibility).filter(isKnown);
          const told = own.flatMap(({ sessionId }) => {
            const scored = world().endings.filter((score) => score.sessionId === sessionId);
            return scored.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1)).slice(-1);
          });
          return {
            mortal,
            match,
            sessionCount: own.length,
            toldCount: own.filter(({ hasEnd }) => hasEnd).length,
            evaluatedCount: complete.filter(({ hasEnd }) => !hasEnd).length,
            activeCount: active.length,
            abandonedCount: own.length - complete.length - active.length,
            completeRatio:
              own.length === active.length ? null : complete.length / (own.length - active.length),
            compatibility:
              said.length === 0
                ? null
                : {
                    sessionCount: said.length,
                    mean: close(meanOf(said)),
                    min: Math.min(...said),
                    max: Math.max(...said),
                  },
            meanCostUsd: close(meanOf(own.map(({ costUsd }) => costUsd))),
            medianCompleteS: close(
              quantileOf(
                complete.map(({ wallS }) => wallS!),
                0.5,
              ),
            ),
            endings: [...groupsOf(told, ({ ending }) => ending)]
              .map(([ending, scores]) => ({ ending, sessionCount: scores.length }))
              .sort((a, b) => b.sessionCount - a.sessionCount || (a.ending < b.ending ? -1 : 1)),
          };
        },
      );
      const key = byText<{ mortal: string | null; match: string | null }>(({ mortal, match }) =>
        JSON.stringify([mortal, match]),
      );
      expect(rows.map((row) => toPairOutcome(row, endings)).sort(key)).toEqual(expected.sort(key));
    }
  });

  it('waste is what abandoned stories cost, by chapter, pair and release', async () => {
    const outcomes = new OutcomesRepository();
    const keys: Record<string, (story: PlainStory) => string | null> = {
      chapter: ({ maxChapter }) => String(maxChapter),
      pair: ({ mortal, match }) => (mortal === null || match === null ? null : `${mortal} & ${match}`),
      release: ({ release }) => release,
    };
    const naive = (own: readonly PlainStory[]): object => {
      const active = own.filter(isActive);
      const complete = own.filter(({ isComplete }) => isComplete);
      const abandoned = own.filter((story) => !active.includes(story) && !complete.includes(story));
      const costOf = (stories: readonly PlainStory[]): number => sumOf(stories, ({ costUsd }) => costUsd);
      const spent = costOf(complete) + costOf(abandoned);
      return {
        sessionCount: own.length,
        completeCount: complete.length,
        activeCount: active.length,
        abandonedCount: abandoned.length,
        costUsd: close(costOf(own)),
        wastedUsd: close(costOf(abandoned)),
        wastedRatio: spent < 1e-12 ? expect.anything() : close(costOf(abandoned) / spent),
      };
    };
    for (const range of ranges()) {
      const stories = within(world().stories, range);
      const [total] = await read<WasteRow>(outcomes.wasteTotalStatement(name, range, settled()));
      expect(toWasteFigures(total!)).toMatchObject(naive(stories));
      for (const group of WASTE_GROUPS) {
        const rows = await read<WasteRow>(outcomes.wasteStatement(name, range, settled(), group));
        const groups = groupsOf(stories, (story) => JSON.stringify(keys[group]!(story)));
        expect(rows.map(({ key }) => JSON.stringify(key)).sort()).toEqual([...groups.keys()].sort());
        for (const row of rows) {
          const { wastedRatio, ...expected } = naive(groups.get(JSON.stringify(row.key))!) as Record<
            string,
            unknown
          >;
          const { wastedRatio: ratio, ...figures } = toWasteFigures(row);
          expect(figures).toEqual(expected);
          if (ratio !== null) expect(ratio).toEqual(wastedRatio);
        }
      }
    }
  });

  it('choices by turn are those of the offers in their order, with what came after', async () => {
    const story = new StoryRepository();
    for (const range of ranges()) {
      const offers = within(world().turns, range)
        .filter(({ offered }) => offered.length > 0)
        .map((turn) => {
          const own = world().turns.filter(({ sessionId }) => sessionId === turn.sessionId);
          const before = own.filter((one) => one.offered.length > 0 && one.ordinal <= turn.ordinal);
          const last = Math.max(...own.map(({ ordinal }) => ordinal));
          const of = world().stories.find(({ sessionId }) => sessionId === turn.sessionId)!;
          return { ...turn, round: before.length, after: last - turn.ordinal, of };
        });
      const rounds = await read<RoundRow>(story.roundsStatement(name, range, settled()));
      expect(rounds).toEqual(
        [...groupsOf(offers, ({ round }) => String(round))]
          .map(([round, own]) => ({
            round: Number(round),
            offerCount: own.length,
            unpickedCount: own.filter(({ pickedKey }) => pickedKey === null).length,
          }))
          .sort((a, b) => a.round - b.round),
      );
      const choices = await read<RoundChoiceRow>(story.roundChoicesStatement(name, range, settled()));
      const told = offers.flatMap((offer) =>
        [...new Set(offer.offered.map(({ key }) => key))].map((key) => ({ ...offer, key })),
      );
      const expected = [...groupsOf(told, ({ round, key }) => `${round} ${key}`).values()].map((own) => {
        const picked = own.filter(({ key, pickedKey }) => key === pickedKey);
        return {
          round: own[0]!.round,
          key: own[0]!.key,
          offeredCount: own.length,
          decidedCount: own.filter(({ pickedKey }) => pickedKey !== null).length,
          pickedCount: picked.length,
          settledCount: picked.filter(({ of }) => !isActive(of)).length,
          completeCount: picked.filter(({ of }) => of.isComplete).length,
          stoppedCount: picked.filter(({ after, of }) => after === 1 && !of.isComplete && !isActive(of))
            .length,
          meanTurnsAfter: close(meanOf(picked.map(({ after }) => after))),
        };
      });
      expect(choices).toEqual(expected.sort((a, b) => a.round - b.round || (a.key < b.key ? -1 : 1)));
    }
  });

  it('choices are those by turn, whatever turn they were offered in, also a letter that is offered twice', async () => {
    const story = new StoryRepository();
    const [turn] = world().turns.filter(({ offered, pickedKey }) => offered.length > 0 && pickedKey !== null);
    await units.owner(
      `UPDATE agent_analytics.turn SET offered = offered || offered
       WHERE (project_id, session_id, ordinal) = ($1, $2, $3) AND jsonb_array_length(offered) = $4`,
      [name, turn!.sessionId, turn!.ordinal, turn!.offered.length],
    );
    for (const range of ranges()) {
      const rows = await read<ChoiceRow>(story.choicesStatement(name, range, settled()));
      const rounds = await read<RoundChoiceRow>(story.roundChoicesStatement(name, range, settled()));
      const counts = [
        'offeredCount',
        'decidedCount',
        'pickedCount',
        'settledCount',
        'completeCount',
      ] as const;
      const expected = [...groupsOf(rounds, ({ key }) => key)].map(([key, own]) => ({
        key,
        ...Object.fromEntries(counts.map((count) => [count, sumOf(own, (row) => row[count])])),
      }));
      expect(rows).toEqual(expected.sort(byText(({ key }) => key)));
      const picked = rows.filter(({ settledCount }) => settledCount > 0);
      for (const row of picked)
        expect(toChoiceFigures(row).completeRatio).toBe(row.completeCount / row.settledCount);
    }
  });

  it('waits are those of the turns; lost are those after which nobody came back', async () => {
    const story = new StoryRepository();
    const bands = [0, 5, 10, 20, 40, 80];
    for (const range of ranges()) {
      const turns = within(world().turns, range).map((turn) => {
        const of = world().stories.find(({ sessionId }) => sessionId === turn.sessionId)!;
        const isLost = turn.restMs === null && !of.isComplete && !isActive(of);
        return { ...turn, isLost, band: bands.findLastIndex((from) => turn.latencyMs >= from * 1_000) };
      });
      const rows = await read<BandRow>(story.bandsStatement(name, range, settled(), bands));
      const lost = (own: readonly { isLost: boolean }[]): number => own.filter(({ isLost }) => isLost).length;
      expect(rows.sort((a, b) => a.band - b.band)).toEqual(
        [...groupsOf(turns, ({ band }) => String(band))]
          .map(([band, own]) => ({ band: Number(band), turnCount: own.length, lostCount: lost(own) }))
          .sort((a, b) => a.band - b.band),
      );
      const chapters = await read<ChapterWaitRow>(story.chapterWaitsStatement(name, range, settled()));
      const key = byText<{ chapter: string | null }>(({ chapter }) => JSON.stringify(chapter));
      expect([...chapters].sort(key)).toEqual(
        [...groupsOf(turns, ({ chapter }) => JSON.stringify(chapter))]
          .map(([chapter, own]) => ({
            chapter: JSON.parse(chapter) as string | null,
            turnCount: own.length,
            lostCount: lost(own),
            quantilesMs: [0.5, 0.95].map((share) =>
              close(
                quantileOf(
                  own.map(({ latencyMs }) => latencyMs),
                  share,
                ),
              ),
            ),
          }))
          .sort(key),
      );
    }
  });

  it('players come back in the weeks in which they do, by what they began with', async () => {
    const retention = new RetentionRepository();
    const times = world()
      .stories.map(({ atMs }) => atMs)
      .filter(isKnown);
    const [firstMs, lastMs] = [Math.min(...times), Math.max(...times)];
    const span = { from: new Date(firstMs - 1), to: new Date(lastMs + 1) };
    for (const group of COHORT_GROUPS)
      for (const environment of [null, 'default']) {
        const weekStarts = bucketStarts('week', span, 'Pacific/Auckland');
        const weekOf = (atMs: number): number => weekStarts.findLastIndex((start) => start <= atMs);
        const played = within(world().stories, { from: null, to: null, environment }).filter(
          ({ playerId }) => playerId !== null,
        );
        const players = [...groupsOf(played, ({ playerId }) => playerId!).values()].map((own) => {
          const sorted = [...own].sort((a, b) => a.atMs! - b.atMs! || (a.sessionId < b.sessionId ? -1 : 1));
          const [first] = sorted;
          const pair =
            first!.mortal === null || first!.match === null ? null : `${first!.mortal} & ${first!.match}`;
          const week = weekOf(first!.atMs!);
          const key = { week: String(week), pair, release: first!.release }[group];
          return { key, week, weeks: [...new Set(sorted.map(({ atMs }) => weekOf(atMs!) - week))] };
        });
        const question = { projectId: name, environment, span, group, weekStarts };
        const count = <Row extends object>(rows: readonly Row[]): object[] =>
          [...groupsOf(rows, (row) => JSON.stringify(row))]
            .map(([row, own]) => ({ ...(JSON.parse(row) as object), playerCount: own.length }))
            .sort(byText((row) => JSON.stringify(row)));
        const order = byText<object>((row) => JSON.stringify(row));
        const starts = await read<CohortStart>(retention.startsStatement(question));
        expect([...starts].sort(order)).toEqual(count(players.map(({ key, week }) => ({ key, week }))));
        const returns = await read<CohortReturn>(retention.returnsStatement(question));
        expect([...returns].sort(order)).toEqual(
          count(players.flatMap(({ key, weeks }) => weeks.map((week) => ({ key, week })))),
        );
      }
  });

  it('gaps are told by kind and agent; an agent is unseen when others ran long after it', async () => {
    const repository = new GapsRepository();
    for (const range of ranges()) {
      const gaps = within(world().gaps, range);
      const rows = await read<GapRow>(repository.gapsStatement(name, range));
      const expected = [...groupsOf(gaps, ({ kind }) => kind)].map(([kind, own]) => {
        const traces = [...new Map(own.map((gap) => [gap.traceId, gap])).values()].sort(
          (a, b) => b.atMs - a.atMs || (a.traceId < b.traceId ? -1 : 1),
        );
        return {
          kind,
          count: sumOf(own, ({ count }) => count),
          traceCount: traces.length,
          lastAt: new Date(traces[0]!.atMs),
          traceIds: traces.slice(0, 5).map(({ traceId }) => traceId),
        };
      });
      expect([...rows].sort(byText(({ kind }) => kind))).toEqual(expected.sort(byText(({ kind }) => kind)));
      const agents = await read<GapAgentRow>(repository.agentsStatement(name, range));
      expect(sumOf(agents, ({ count }) => count)).toBe(sumOf(gaps, ({ count }) => count));
      const [totals] = await read<{ traceCount: number; tracelessCount: number }>(
        repository.totalsStatement(name, range),
      );
      expect(totals!.traceCount).toBe(within(world().traces, range).length);
      const before = within(world().runs, { ...range, from: null });
      const newestMs = Math.max(...before.map(({ atMs }) => atMs));
      const unseen = await read<UnseenRow>(repository.unseenStatement(name, range, 2));
      const lasts = [...groupsOf(before, ({ name: agent }) => agent)].map(([agent, own]) => ({
        name: agent,
        lastSeenAt: new Date(Math.max(...own.map(({ atMs }) => atMs))),
        runCount: own.length,
      }));
      const order = byText<{ name: string }>((row) => row.name);
      expect([...unseen].sort(order)).toEqual(
        lasts.filter(({ lastSeenAt }) => lastSeenAt.getTime() < newestMs - 2 * 3_600_000).sort(order),
      );
    }
  });

  it('runs of agents come page by page, newest first, each once; their errors by type', async () => {
    const repository = new AgentsRepository();
    for (const range of ranges())
      for (const agent of new Set(world().runs.map((run) => run.name))) {
        const own = within(world().runs, range).filter((run) => run.name === agent);
        const found: ExecutionRow[] = [];
        for (let before: { place: string; observationId: string } | null = null; ;) {
          const page = { ...range, name: agent, isError: null, model: null, before, limit: 40 };
          const rows: ExecutionRow[] = await read(repository.executionsStatement(name, page));
          found.push(...rows);
          if (rows.length < 40) break;
          before = rows.at(-1)!;
        }
        const sorted = own.sort((a, b) => b.atMs - a.atMs || (a.observationId > b.observationId ? -1 : 1));
        expect(found.map(({ observationId, costUsd }) => [observationId, costUsd])).toEqual(
          sorted.map(({ observationId, costUsd }) => [observationId, costUsd]),
        );
        const errors = await read<ErrorRow>(repository.errorsStatement(name, agent, range));
        expect(new Map(errors.map(({ type, count }) => [type, count]))).toEqual(
          new Map(
            [
              ...groupsOf(
                own.filter(({ isError }) => isError),
                ({ errorType }) => errorType!,
              ),
            ].map(([type, failed]) => [type, failed.length]),
          ),
        );
      }
  });

  it('costs by model are those of the generations, and add up to all that traces cost', async () => {
    const metrics = new MetricsRepository();
    const sums = (rows: readonly { costUsd: number; totalTokens: number }[]): unknown[] => [
      close(sumOf(rows, ({ costUsd }) => costUsd)),
      sumOf(rows, ({ totalTokens }) => totalTokens),
    ];
    const plain = (rows: readonly { costUsd: number; totalTokens: number }[]): number[] => [
      sumOf(rows, ({ costUsd }) => costUsd),
      sumOf(rows, ({ totalTokens }) => totalTokens),
    ];
    for (const range of ranges()) {
      const traces = within(world().traces, range);
      const rows = await read<CostRow>(metrics.costsStatement(name, range, 'model'));
      expect(plain(rows)).toEqual(sums(traces));
      const own = new Set(traces.map(({ traceId }) => traceId));
      const steps = world().generations.filter(({ traceId }) => own.has(traceId));
      for (const [model, generations] of groupsOf(steps, (step) => JSON.stringify(step.model))) {
        const row = rows.find(({ key }) => JSON.stringify(key) === model)!;
        expect(row.count).toBe(generations.length);
        if (row.key !== null) expect(row.costUsd).toEqual(sums(generations)[0]);
      }
      const agents = new AgentsRepository();
      for (const agent of new Set(world().runs.map((run) => run.name))) {
        const models = await read<ModelRow>(agents.modelsStatement(name, agent, range));
        expect(plain(models)).toEqual(sums(within(world().runs, range).filter((run) => run.name === agent)));
      }
    }
  });

  it('costs by pair are those of whole sessions, and add up', async () => {
    for (const range of ranges()) {
      const traces = within(world().traces, range);
      const pairOf = (sessionId: string | null): string | null => {
        const story = world().stories.find((one) => one.sessionId === sessionId);
        return story === undefined || story.mortal === null || story.match === null
          ? null
          : `${story.mortal} & ${story.match}`;
      };
      const rows = await read<CostRow>(new MetricsRepository().costsStatement(name, range, 'pair'));
      const groups = groupsOf(traces, ({ sessionId }) => JSON.stringify(pairOf(sessionId)));
      expect(new Map(rows.map(({ key, count, costUsd }) => [JSON.stringify(key), [count, costUsd]]))).toEqual(
        new Map(
          [...groups].map(([key, own]) => [key, [own.length, close(sumOf(own, ({ costUsd }) => costUsd))]]),
        ),
      );
    }
  });
});
