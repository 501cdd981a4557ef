import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { invalidGhost, noGhostInIt } from '../running.errors.js';
import { type RunRow, RunsRepository } from '../runs/runs.repository.js';
import { LONGEST_GHOST_S } from './curve-rules.js';
import { MOST_COMPOSED_RUNS } from './ghost-kinds.js';
import type { ComposedGhostDto, GhostGoalDto, NewGhostDto } from './new-ghost.dto.js';
import type { NewGhost } from './ghosts.repository.js';
import { readGoal } from './goal-splits.js';
import type { GhostSourceRow } from './ghost-sources.repository.js';
import { OpenGhosts } from './open-ghosts.service.js';
import { type RecordRun, RecordRunsRepository } from './record-runs.repository.js';

/** What a ghost is to be, before its curve is made. */
export interface GhostPlan {
  readonly ghost: NewGhost;
  readonly sources: readonly GhostSourceRow[];
  /** Its curve takes so long that a job makes it. */
  readonly isLong: boolean;
}

type Wanted = Pick<NewGhost, 'type' | 'basis' | 'distanceM' | 'durationS'> &
  Partial<NewGhost> & { readonly usualName: string };

/** A part of an own run. */
interface Section extends Omit<RecordRun, 'runId'> {
  readonly run: RunRow;
}

/** Recorded seconds, one point each as a rule, whose curve is made while its maker waits: a tenth of a second. */
const MOST_AT_ONCE_S = 20_000;
/** Likewise of a composite, whose runs are laid along the way of the first: ten times the work. */
const MOST_COMPOSED_AT_ONCE_S = 2_000;
const FIELDS = ['runId', 'distanceM', 'routeId', 'goal', 'ghostId', 'token', 'basis'] as const;
/** What a type is made of; all else is refused, since it would be passed over. */
const TAKES: Record<NewGhostDto['type'], readonly (typeof FIELDS)[number][]> = {
  past_run: ['runId', 'basis'],
  personal_record: ['distanceM', 'routeId', 'basis'],
  custom_goal: ['goal'],
  shared: ['ghostId', 'token'],
};

/** Turns what somebody asks for into a ghost and the runs that it is made of. */
@Injectable()
export class GhostPlans {
  constructor(
    private readonly runs: RunsRepository,
    private readonly records: RecordRunsRepository,
    private readonly open: OpenGhosts,
  ) {}

  /** @param tx in the caller's scope @throws DomainError what it is to be made of is missing, surplus, not the caller's or no good */
  plan(tx: Tx, caller: Principal, wish: NewGhostDto): Promise<GhostPlan> {
    const surplus = FIELDS.find((field) => wish[field] !== undefined && !TAKES[wish.type].includes(field));
    if (surplus !== undefined)
      throw invalidGhost(surplus, `does not belong to a ghost of the type ${wish.type}`);
    const plans: Record<NewGhostDto['type'], () => Promise<GhostPlan>> = {
      past_run: () => this.planRun(tx, caller, wish),
      personal_record: () => this.planRecord(tx, caller, wish),
      custom_goal: () => this.planCustom(tx, caller, wish),
      shared: () => this.planShared(caller, wish),
    };
    return plans[wish.type]();
  }

  /** A goal in place of the one that a ghost has. @throws DomainError likewise */
  async planGoal(tx: Tx, caller: Principal, ghostId: string, goal: GhostGoalDto): Promise<GhostPlan> {
    const read = readGoal(goal);
    if ('detail' in read) throw invalidGhost(`goal/${read.field}`, read.detail);
    const base = { id: ghostId, type: 'custom_goal', usualName: 'Goal' } as const;
    if (read.kind === 'splits') {
      const { splits, routeId, distanceM, durationS } = read;
      if (routeId === null)
        return planOf(caller, { ...base, basis: 'distance', distanceM, durationS, splits }, []);
      const way = await this.ownRecord(tx, caller, routeId, 'goal/routeId');
      return planOf(caller, { ...base, basis: 'route', distanceM, durationS, splits, routeId }, [way]);
    }
    const course = await this.ownRun(tx, read.courseRunId, 'goal/courseRunId');
    const distanceM = course.distanceM!;
    return planOf(caller, { ...base, basis: 'route', distanceM, durationS: read.durationOf(distanceM) }, [
      { run: course, fromMs: 0, toMs: null },
    ]);
  }

  /** @throws DomainError likewise */
  async planComposite(tx: Tx, caller: Principal, wish: ComposedGhostDto): Promise<GhostPlan> {
    if ((wish.routeId === undefined) === (wish.runIds === undefined))
      throw invalidGhost('runIds', 'takes the place of routeId: one of the two');
    const runIds =
      wish.runIds ?? (await this.records.listRunsOnRoute(tx, caller.id, wish.routeId!, MOST_COMPOSED_RUNS));
    if (runIds.length < 2) throw noGhostInIt('routeId', 'has fewer than two runs of yours');
    const runs: RunRow[] = [];
    for (const runId of runIds) runs.push(await this.ownRun(tx, runId, 'runIds'));
    const [first] = runs;
    return planOf(
      caller,
      {
        type: 'composite',
        basis: 'route',
        usualName: `Best of ${runs.length} runs`,
        ...(wish.name !== undefined && { name: wish.name }),
        ...lengthOf(first!),
        sectionM: wish.sectionM,
        routeId: wish.routeId ?? null,
      },
      runs.map((run) => ({ run, fromMs: 0, toMs: null })),
    );
  }

  private async planRun(tx: Tx, caller: Principal, wish: NewGhostDto): Promise<GhostPlan> {
    if (wish.runId === undefined) throw invalidGhost('runId', 'is missing: which run it is');
    const run = await this.ownRun(tx, wish.runId, 'runId');
    return planOf(
      caller,
      { ...saidOf(wish), ...lengthOf(run), type: 'past_run', usualName: run.title ?? 'Past run' },
      [{ run, fromMs: 0, toMs: null }],
    );
  }

  private async planRecord(tx: Tx, caller: Principal, wish: NewGhostDto): Promise<GhostPlan> {
    if ((wish.distanceM === undefined) === (wish.routeId === undefined))
      throw invalidGhost('distanceM', 'takes the place of routeId: one of the two');
    const section =
      wish.routeId === undefined
        ? await this.sectionOf(
            tx,
            await this.records.findByDistance(tx, caller.id, wish.distanceM!),
            'distanceM',
          )
        : await this.ownRecord(tx, caller, wish.routeId, 'routeId');
    return planOf(
      caller,
      {
        ...saidOf(wish),
        type: 'personal_record',
        usualName: 'Personal record',
        distanceM: wish.distanceM ?? section.distanceM,
        durationS: section.durationS,
        recordDistanceM: wish.distanceM ?? null,
        routeId: wish.routeId ?? null,
      },
      [section],
    );
  }

  /** The fastest time over a route of the library. */
  private async ownRecord(tx: Tx, { id }: Principal, routeId: string, field: string): Promise<Section> {
    return this.sectionOf(tx, await this.records.findByRoute(tx, id, routeId), field);
  }

  private async sectionOf(tx: Tx, record: RecordRun | null, field: string): Promise<Section> {
    if (record === null) throw noGhostInIt(field, 'has no record of yours');
    const { runId, ...section } = record;
    return { ...section, run: await this.ownRun(tx, runId, 'runId') };
  }

  private async planCustom(tx: Tx, caller: Principal, wish: NewGhostDto): Promise<GhostPlan> {
    if (wish.goal === undefined) throw invalidGhost('goal', 'is missing: what is to be run');
    const plan = await this.planGoal(tx, caller, uuidv7(), wish.goal);
    const { basis: _basis, ...said } = saidOf(wish);
    return { ...plan, ghost: { ...plan.ghost, ...said, name: wish.name ?? plan.ghost.name } };
  }

  private async planShared(caller: Principal, wish: NewGhostDto): Promise<GhostPlan> {
    if ((wish.ghostId === undefined) === (wish.token === undefined))
      throw invalidGhost('token', 'takes the place of ghostId: one of the two');
    if (wish.isPublic) throw invalidGhost('isPublic', 'is for ghosts of your own');
    const origin =
      wish.token === undefined
        ? await this.open.findPublic(wish.ghostId!)
        : await this.open.findByToken(wish.token);
    if (origin.userId === caller.id) throw invalidGhost('ghostId', 'is your own already');
    return planOf(
      caller,
      {
        ...saidOf(wish),
        type: 'shared',
        usualName: origin.name,
        basis: origin.basis,
        distanceM: origin.distanceM,
        durationS: origin.durationS,
        sourceGhostId: origin.id,
        sourceShareSeq: wish.token === undefined ? null : origin.shareSeq,
      },
      [],
    );
  }

  /** A finished run with a way. Row-level security leaves nobody else's to be found. */
  private async ownRun(tx: Tx, runId: string, field: string): Promise<RunRow> {
    const run = await this.runs.findRun(tx, runId);
    if (run === null) throw invalidGhost(field, 'is no run of yours');
    if (!run.hasTrack || !((run.distanceM ?? 0) > 0) || !((run.elapsedTimeS ?? 0) > 0))
      throw noGhostInIt(field, 'has no way to race: it is not finished, or has no places');
    if (run.elapsedTimeS! > LONGEST_GHOST_S) throw noGhostInIt(field, 'is too long to race');
    return run;
  }
}

function saidOf(wish: NewGhostDto) {
  return {
    ...(wish.name !== undefined && { name: wish.name }),
    description: wish.description ?? null,
    category: wish.category ?? null,
    difficulty: wish.difficulty ?? null,
    isActive: wish.isActive,
    isPublic: wish.isPublic,
    basis: wish.basis ?? ('route' as const),
  };
}

function lengthOf(run: RunRow): { distanceM: number; durationS: number } {
  return { distanceM: run.distanceM!, durationS: run.elapsedTimeS! };
}

function planOf(
  { id: userId }: Principal,
  { usualName, ...wanted }: Wanted,
  from: readonly { run: RunRow; fromMs: number; toMs: number | null }[],
): GhostPlan {
  const id = wanted.id ?? uuidv7();
  const recordedS = from.reduce((sum, { run }) => sum + run.elapsedTimeS!, 0);
  return {
    ghost: {
      name: usualName,
      description: null,
      category: null,
      difficulty: null,
      isActive: true,
      isPublic: false,
      recordDistanceM: null,
      sectionM: null,
      routeId: null,
      splits: null,
      sourceGhostId: null,
      sourceShareSeq: null,
      ...wanted,
      id,
      userId,
    },
    sources: from.map(({ run, fromMs, toMs }, position) => ({
      ghostId: id,
      position,
      userId,
      runId: run.id,
      fromMs,
      toMs,
      trackVersion: null,
    })),
    isLong: recordedS > (wanted.type === 'composite' ? MOST_COMPOSED_AT_ONCE_S : MOST_AT_ONCE_S),
  };
}
