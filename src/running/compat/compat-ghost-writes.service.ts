import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { GhostsService } from '../ghosts/ghosts.service.js';
import type { GhostChangeDto, GhostGoalDto, NewGhostDto } from '../ghosts/new-ghost.dto.js';
import { providerTerms } from '../running.errors.js';
import { inOriginalNames, invalidField } from './compat.errors.js';
import { type GoalBody, ghostChangeBody, type NewGhostBody, newGhostBody } from './compat-ghost-bodies.js';
import type { CompatWispGhostDto } from './compat-ghosts.dto.js';
import { CompatGhostsRepository, type GhostRunHead } from './compat-ghosts.repository.js';
import { CompatGhosts } from './compat-ghosts.service.js';
import { goalOf, isGoalGiven } from './compat-goal.js';
import type { GhostKind } from './compat-kinds.js';
import type { CompatWispGoneDto } from './compat-runs.dto.js';

const NAMES = {
  runId: 'based_on_run_id',
  distanceM: 'target_distance',
  goal: 'target_distance',
  'goal/distanceM': 'target_distance',
  'goal/durationS': 'target_duration',
  'goal/paceSPerKm': 'target_pace',
  'goal/splits': 'custom_splits',
};
/** Within so much of a distance it is that distance. */
const SAME_M = 1;

type Made = Pick<NewGhostDto, 'type'> & Partial<NewGhostDto>;

/** Ghosts as the original's app makes, changes and deletes them: the native ones in its words. */
@Injectable()
export class CompatGhostWrites {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly ghosts: GhostsService,
    private readonly reads: CompatGhosts,
    private readonly rows: CompatGhostsRepository,
  ) {}

  /** @throws DomainError what it is to be made of does not do; another athlete's activity, which is never anybody else's ghost */
  async create(
    caller: Principal,
    body: unknown,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<CompatWispGhostDto>> {
    const wish = parseInput(newGhostBody, body);
    const makers: Record<GhostKind, () => Made | Promise<Made>> = {
      past_run: () => ({ type: 'past_run', runId: given(wish.based_on_run_id, 'based_on_run_id') }),
      personal_record: () => this.record(caller, wish),
      custom_goal: () => ({ type: 'custom_goal', goal: readGoal(wish) }),
      strava_friend: () => {
        throw providerTerms();
      },
    };
    const native = {
      ...(await makers[wish.ghost_type]()),
      isActive: wish.is_active ?? true,
      isPublic: wish.is_public ?? false,
      ...(wish.name !== undefined && { name: wish.name }),
      ...(wish.description && { description: wish.description }),
      ...(wish.difficulty_level != null && { difficulty: wish.difficulty_level }),
    };
    const made = await inOriginalNames(NAMES, () => this.ghosts.create(caller, native, request));
    return { ...made, body: await this.reads.find(caller, made.body.id) };
  }

  /** What is left out stays. @throws DomainError unknown ghost; a goal of what is none; what may not be public */
  async change(caller: Principal, id: string, body: unknown): Promise<CompatWispGhostDto> {
    const wish = parseInput(ghostChangeBody, body);
    const change: GhostChangeDto = {
      ...(wish.name !== undefined && { name: wish.name }),
      ...(wish.description !== undefined && { description: wish.description || null }),
      ...(wish.difficulty_level !== undefined && { difficulty: wish.difficulty_level }),
      ...(wish.is_active !== undefined && { isActive: wish.is_active }),
      ...(wish.is_public !== undefined && { isPublic: wish.is_public }),
      ...(isGoalGiven(wish) && { goal: readGoal(wish) }),
    };
    await inOriginalNames(NAMES, () => this.ghosts.change(caller, id, undefined, change));
    return this.reads.find(caller, id);
  }

  /** Results against it stay. @throws DomainError unknown ghost */
  async remove(caller: Principal, id: string): Promise<CompatWispGoneDto> {
    await this.ghosts.delete(caller, id, undefined);
    return { id: id.toLowerCase() };
  }

  /**
   * The original's record is a run; here it is a distance, which goes over to a faster run when there is one. Of a run that is named it is the
   * longest distance over which that run is the record, or the one that is asked for.
   */
  private async record(caller: Principal, wish: NewGhostBody): Promise<Made> {
    const { based_on_run_id: runId, target_distance: wantedM } = wish;
    if (runId == null) return { type: 'personal_record', distanceM: given(wantedM, 'based_on_run_id') };
    const runs = await this.uow.read<GhostRunHead>(caller, this.rows.listRuns(caller.id, [runId]));
    if (runs.length === 0) throw invalidField('based_on_run_id', 'is no run of yours');
    const held = await this.uow.read<{ distanceM: number }>(
      caller,
      this.rows.listRecordDistances(caller.id, runId),
    );
    const distance = held.find(({ distanceM }) => wantedM == null || Math.abs(distanceM - wantedM) <= SAME_M);
    if (distance === undefined)
      throw invalidField('based_on_run_id', 'is no record of yours; a ghost of it is a past_run');
    return { type: 'personal_record', distanceM: distance.distanceM };
  }
}

function readGoal(body: GoalBody): GhostGoalDto {
  const goal = goalOf(body);
  if ('detail' in goal) throw invalidField(goal.field, goal.detail);
  const { splits, ...rest } = goal;
  return { ...rest, ...(splits !== undefined && { splits: [...splits] }) };
}

function given<T>(value: T | null | undefined, field: string): T {
  if (value === null || value === undefined) throw invalidField(field, 'is missing');
  return value;
}
