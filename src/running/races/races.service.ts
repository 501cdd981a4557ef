import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit, type AuditEvent } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import type { UsableGhost } from '../ghosts/open-ghosts.repository.js';
import { OpenGhosts } from '../ghosts/open-ghosts.service.js';
import {
  assertSeen,
  ghostNotReady,
  invalidRace,
  raceOver,
  tooManyRaces,
  unknownRace,
} from '../running.errors.js';
import { MOST_OPEN_RACES, MOST_PARTICIPANTS, type RaceMode } from './race-kinds.js';
import { RaceParticipantsRepository } from './race-participants.repository.js';
import { type RaceView, RaceViews } from './race-views.service.js';
import type { NewRaceDto, RaceChangeDto, RaceDto } from './races.dto.js';
import { toRaceDto } from './races.mapper.js';
import { type RaceRow, RacesRepository } from './races.repository.js';

/** Races of whoever makes them. A stranger's is as unknown as one that never was. */
@Injectable()
export class RacesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly races: RacesRepository,
    private readonly participants: RaceParticipantsRepository,
    private readonly ghosts: OpenGhosts,
    private readonly views: RaceViews,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  /**
   * Whoever makes a race takes part in it.
   * @throws DomainError ghosts that the caller may not race, or may not bring before others; as many races as one may have
   */
  async create(
    caller: Principal,
    wish: NewRaceDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<RaceDto>> {
    const ghosts = await this.ghosts.usable(caller.id, wish.ghostIds);
    assertFit(wish.mode, ghosts, caller.id);
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () =>
        toRaceDto(await this.insert(tx, caller, wish, ghosts)),
      ),
    );
  }

  /** The same in a transaction, for whoever races without having planned it. */
  async insert(
    tx: Tx,
    caller: Principal,
    wish: Omit<NewRaceDto, 'ghostIds'>,
    ghosts: readonly UsableGhost[],
  ): Promise<RaceView> {
    if ((await this.races.lockCountOpen(tx, caller.id)) >= MOST_OPEN_RACES)
      throw tooManyRaces(MOST_OPEN_RACES);
    const id = uuidv7();
    const { mode, clock } = wish;
    await this.races.insertRace(tx, {
      id,
      userId: caller.id,
      mode,
      clock,
      name: wish.name ?? null,
      plannedAt: wish.plannedAt === undefined ? null : new Date(wish.plannedAt),
    });
    const rows = ghosts.map((ghost, position) => ({
      raceId: id,
      position,
      userId: caller.id,
      ghostId: ghost.id,
      originGhostId: ghost.originId,
      name: ghost.name,
      type: ghost.type,
    }));
    await this.races.insertGhosts(tx, rows);
    const runner = { raceId: id, userId: caller.id, name: wish.runnerName ?? null };
    await this.participants.insertParticipant(tx, runner, MOST_PARTICIPANTS);
    const view = await this.views.load(tx, caller.id, id);
    await this.audit.record(tx, caller, raceEvent('created', id, { after: shown(view.race) }));
    return view;
  }

  /** @param seen its version by If-Match @throws DomainError unknown, stale, over */
  async change(
    caller: Principal,
    id: string,
    seen: number | undefined,
    wish: RaceChangeDto,
  ): Promise<RaceView> {
    await this.uow.run(caller, async (tx) => {
      const before = await this.lock(tx, caller, id, seen);
      if (before.status === 'finished' || before.status === 'cancelled') throw raceOver();
      await this.races.updateRace(tx, id, {
        name: wish.name === undefined ? before.name : wish.name,
        plannedAt: wish.plannedAt === undefined ? before.plannedAt : dateOf(wish.plannedAt),
        status: wish.status ?? before.status,
      });
      const { race } = await this.views.load(tx, caller.id, id);
      const states = { before: shown(before), after: shown(race) };
      await this.audit.record(tx, caller, raceEvent('changed', id, states));
    });
    return this.views.find(caller, id); // with the others, whose rows are not the caller's
  }

  /** Results that were settled stay with those whose they are. @throws DomainError unknown, stale */
  async delete(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const before = await this.lock(tx, caller, id, seen);
      await this.races.deleteRace(tx, id);
      await this.audit.record(tx, caller, raceEvent('deleted', id, { before: shown(before) }));
    });
  }

  private async lock(tx: Tx, caller: Principal, id: string, seen: number | undefined): Promise<RaceRow> {
    const row = isUuid(id) ? await this.races.lockOwnRace(tx, caller.id, id) : null;
    if (row === null) throw unknownRace();
    assertSeen(seen, row.version, 'race');
    return row;
  }
}

/**
 * What is brought before others is one's own or public, and native; their course is a route.
 * @throws DomainError what does not fit
 */
export function assertFit(mode: RaceMode, ghosts: readonly UsableGhost[], callerId: string): void {
  ghosts.forEach((ghost, index) => {
    if (ghost.curveState === 'failed') throw ghostNotReady();
    if (mode === 'ghosts') return;
    if (ghost.type === 'shared')
      throw invalidRace(
        `ghostIds/${index}`,
        'was taken over from somebody else, who did not share it with others',
      );
    if (!ghost.isNative)
      throw invalidRace(`ghostIds/${index}`, 'comes of a run that nobody but its owner may see');
    if (index === 0 && ghost.basis !== 'route')
      throw invalidRace('ghostIds/0', 'has no route: it cannot be the course of others');
    if (index === 0 && ghost.originUserId !== callerId && ghost.curveVersion === null) throw ghostNotReady();
  });
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

function shown({ mode, name, clock, status, plannedAt }: RaceRow): object {
  return { mode, name, clock, status, plannedAt: plannedAt?.toISOString() ?? null };
}

function raceEvent(
  what: 'created' | 'changed' | 'deleted',
  id: string,
  change: Pick<AuditEvent, 'before' | 'after'>,
): AuditEvent {
  return { action: `running.race-${what}`, object: { type: 'running.race', id }, ...change };
}
