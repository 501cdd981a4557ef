import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { unknownRace, unknownRaceInvite } from '../running.errors.js';
import { GhostCurves } from '../ghosts/ghost-curves.service.js';
import { lengthOf } from '../ghosts/ghost-curve.js';
import { type ParticipantHead, RaceParticipantsRepository } from './race-participants.repository.js';
import { type RaceGhostRow, type RaceRow, RacesRepository } from './races.repository.js';

/** A race as one of those who may see it sees it. */
export interface RaceView {
  readonly race: RaceRow;
  readonly ghosts: readonly RaceGhostRow[];
  readonly participants: readonly ParticipantHead[];
  readonly callerId: string;
}

export interface InvitedRace {
  readonly race: RaceRow;
  readonly course: RaceGhostRow;
  readonly distanceM: number | null;
  readonly participantCount: number;
}

/** Races as they are seen: by whoever made them, takes part in them, or holds an invitation. */
@Injectable()
export class RaceViews {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly races: RacesRepository,
    private readonly participants: RaceParticipantsRepository,
    private readonly curves: GhostCurves,
  ) {}

  /** Newest first. @param before only older ones than this id */
  list(caller: Principal, before: string | null, limit: number): Promise<RaceView[]> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const rows = await this.races.listPage(tx, caller.id, before, limit);
      return this.views(tx, rows, caller.id);
    });
  }

  /** @throws DomainError unknown race */
  find(caller: Principal, id: string): Promise<RaceView> {
    return this.system.run(SYSTEM_SCOPE, (tx) => this.load(tx, caller.id, id));
  }

  /** For somebody of whom it is known that they may see it, as by an invitation. @throws DomainError unknown race */
  findAny(caller: Principal, id: string): Promise<RaceView> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const race = isUuid(id) ? await this.races.findAnyRace(tx, id) : null;
      if (race === null) throw unknownRace();
      return (await this.views(tx, [race], caller.id))[0]!;
    });
  }

  /** The same in a transaction. */
  async load(tx: Tx, callerId: string, id: string): Promise<RaceView> {
    const race = isUuid(id) ? await this.races.findRace(tx, callerId, id) : null;
    if (race === null) throw unknownRace();
    return (await this.views(tx, [race], callerId))[0]!;
  }

  /** @throws DomainError the invitation never was, was taken back or has ended */
  async invited(token: string, now = new Date()): Promise<InvitedRace> {
    const { race, ghosts, participants } = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const row = await this.races.findByInvite(tx, sha256(token), now);
      if (row === null) throw unknownRaceInvite();
      return (await this.views(tx, [row], row.userId))[0]!;
    });
    const course = ghosts[0]!;
    const curve =
      course.curveVersion === null ? null : await this.curves.read(course.originGhostId, course.curveVersion);
    return {
      race,
      course,
      distanceM: curve === null ? null : lengthOf(curve),
      participantCount: participants.length,
    };
  }

  private async views(tx: Tx, races: readonly RaceRow[], callerId: string): Promise<RaceView[]> {
    const ids = races.map(({ id }) => id);
    const ghosts = await this.races.listGhosts(tx, ids);
    const participants = await this.participants.listParticipants(tx, ids);
    return races.map((race) => ({
      race,
      ghosts: ghosts.filter(({ raceId }) => raceId === race.id),
      participants: participants.filter(({ raceId }) => raceId === race.id),
      callerId,
    }));
  }
}
