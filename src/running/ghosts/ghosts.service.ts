import { Injectable } from '@nestjs/common';
import { Audit, type AuditEvent } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { assertSeen, invalidGhost, tooManyGhosts, unknownGhost } from '../running.errors.js';
import { GhostBuilder } from './ghost-builder.service.js';
import { MOST_GHOSTS } from './ghost-kinds.js';
import { type GhostPlan, GhostPlans } from './ghost-plans.service.js';
import type { GhostDto } from './ghosts.dto.js';
import type { ComposedGhostDto, GhostChangeDto, NewGhostDto } from './new-ghost.dto.js';
import { toGhostDto } from './ghosts.mapper.js';
import {
  type GhostChange,
  type GhostFilter,
  type GhostRow,
  GhostsRepository,
  type OwnGhostRow,
} from './ghosts.repository.js';
import { GhostSharing } from './ghost-sharing.service.js';

/** Ghosts of an account. A stranger's is as unknown here as one that never was. */
@Injectable()
export class GhostsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly ghosts: GhostsRepository,
    private readonly plans: GhostPlans,
    private readonly builder: GhostBuilder,
    private readonly sharing: GhostSharing,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError what it is to be made of does not do; too many; what others may not see cannot be public */
  create(
    caller: Principal,
    wish: NewGhostDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<GhostDto>> {
    return this.make(caller, request, (tx) => this.plans.plan(tx, caller, wish));
  }

  /** @throws DomainError likewise */
  compose(
    caller: Principal,
    wish: ComposedGhostDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<GhostDto>> {
    return this.make(caller, request, (tx) => this.plans.planComposite(tx, caller, wish));
  }

  /** Newest first. @param before only older ones than this id */
  list(caller: Principal, filter: GhostFilter, before: string | null, limit: number): Promise<OwnGhostRow[]> {
    return this.uow.run(caller, (tx) => this.ghosts.listPage(tx, caller.id, filter, before, limit));
  }

  /** @throws DomainError unknown ghost */
  find(caller: Principal, id: string): Promise<OwnGhostRow> {
    return this.uow.run(caller, async (tx) =>
      known(isUuid(id) ? await this.ghosts.findGhost(tx, caller.id, id) : null),
    );
  }

  /** @param seen its version by If-Match @throws DomainError unknown, stale, a goal that does not do, what may not be public */
  change(
    caller: Principal,
    id: string,
    seen: number | undefined,
    wish: GhostChangeDto,
  ): Promise<OwnGhostRow> {
    return this.uow.run(caller, async (tx) => {
      const before = await this.lock(tx, caller, id, seen);
      const change = changed(before, wish);
      if (change.isPublic && !before.isPublic) await this.sharing.assertShareable(tx, before);
      if (wish.goal !== undefined) await this.changeGoal(tx, caller, before, wish.goal);
      const after = await this.ghosts.updateGhost(tx, id, change);
      await this.audit.record(
        tx,
        caller,
        ghostEvent('changed', id, { before: shown(before), after: shown(after) }),
      );
      return after;
    });
  }

  /** @throws DomainError unknown, stale */
  async delete(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const before = await this.lock(tx, caller, id, seen);
      await this.ghosts.deleteGhost(tx, id);
      await this.audit.record(tx, caller, ghostEvent('deleted', id, { before: shown(before) }));
    });
  }

  private make(
    caller: Principal,
    request: IdempotentRequest | undefined,
    plan: (tx: Tx) => Promise<GhostPlan>,
  ): Promise<Outcome<GhostDto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        if ((await this.ghosts.lockCount(tx, caller.id)) >= MOST_GHOSTS) throw tooManyGhosts(MOST_GHOSTS);
        const wanted = await plan(tx);
        const row = await this.ghosts.insertGhost(tx, wanted.ghost);
        await this.builder.begin(tx, row, wanted);
        if (row.isPublic) await this.sharing.assertShareable(tx, row);
        const made = known(await this.ghosts.findGhost(tx, caller.id, row.id));
        await this.audit.record(tx, caller, ghostEvent('created', row.id, { after: shown(made) }));
        return toGhostDto(made);
      }),
    );
  }

  private async changeGoal(
    tx: Tx,
    caller: Principal,
    before: GhostRow,
    goal: NonNullable<GhostChangeDto['goal']>,
  ): Promise<void> {
    if (before.type !== 'custom_goal') throw invalidGhost('goal', 'belongs to a custom goal');
    const plan = await this.plans.planGoal(tx, caller, before.id, goal);
    await this.ghosts.updateGoal(tx, before.id, plan.ghost);
    const row = known(await this.ghosts.findGhost(tx, caller.id, before.id));
    await this.builder.begin(tx, row, plan);
    if (row.isPublic) await this.sharing.assertShareable(tx, row);
  }

  private async lock(tx: Tx, caller: Principal, id: string, seen: number | undefined): Promise<GhostRow> {
    const row = known(isUuid(id) ? await this.ghosts.lockGhost(tx, caller.id, id) : null);
    assertSeen(seen, row.version, 'ghost');
    return row;
  }
}

function known<Row extends GhostRow>(row: Row | null): Row {
  if (row === null) throw unknownGhost();
  return row;
}

function changed(before: GhostRow, wish: GhostChangeDto): GhostChange {
  return {
    name: wish.name ?? before.name,
    description: wish.description === undefined ? before.description : wish.description,
    category: wish.category === undefined ? before.category : wish.category,
    difficulty: wish.difficulty === undefined ? before.difficulty : wish.difficulty,
    isActive: wish.isActive ?? before.isActive,
    isPublic: wish.isPublic ?? before.isPublic,
  };
}

/** Its link's token stands for a permission and is no part of the log. */
function shown(row: GhostRow): object {
  const { type, name, description, category, difficulty, basis, isActive, isPublic, distanceM, durationS } =
    row;
  return { type, name, description, category, difficulty, basis, isActive, isPublic, distanceM, durationS };
}

function ghostEvent(
  what: 'created' | 'changed' | 'deleted',
  id: string,
  change: Pick<AuditEvent, 'before' | 'after'>,
): AuditEvent {
  return { action: `running.ghost-${what}`, object: { type: 'running.ghost', id }, ...change };
}
