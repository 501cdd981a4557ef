import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import {
  alreadyRacing,
  ghostNotReady,
  notInvitable,
  providerTerms,
  raceFull,
  raceOver,
  runRacesAlready,
  unknownRace,
  unknownRaceInvite,
  unknownRun,
} from '../running.errors.js';
import { MOST_PARTICIPANTS } from './race-kinds.js';
import { RaceParticipantsRepository } from './race-participants.repository.js';
import { type RaceView, RaceViews } from './race-views.service.js';
import type { RaceInviteDto } from './races.dto.js';
import { SETTLE_RACES } from './races.jobs.js';
import { type RaceRow, RacesRepository } from './races.repository.js';

const TOKEN_BYTES = 32;
const NATIVE: readonly string[] = ['app', 'imported'];

/** Who takes part in a race, and with which run. */
@Injectable()
export class RaceEntries {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly races: RacesRepository,
    private readonly participants: RaceParticipantsRepository,
    private readonly views: RaceViews,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
  ) {}

  /** Takes the place of the invitation before. @throws DomainError unknown race, one that nobody else can join, one that is over */
  invite(caller: Principal, id: string, validForS: number, now = new Date()): Promise<RaceInviteDto> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const race = await this.lockOwn(tx, caller, id);
      if (race.mode !== 'group') throw notInvitable();
      assertOpen(race);
      // Whoever looks at the invitation sees how long the course is, and whoever joins later runs against the very same one.
      if ((await this.races.pinCurves(tx, id)).length > 0) throw ghostNotReady();
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const expiresAt = new Date(now.getTime() + validForS * 1_000);
      await this.races.updateInvite(tx, id, { digest: sha256(token), expiresAt });
      await this.record(tx, caller, 'invite-created', id, { expiresAt: expiresAt.toISOString() });
      return { token, path: `/api/v1/running/races/invited/${token}`, expiresAt: expiresAt.toISOString() };
    });
  }

  /** Whoever has joined stays. @throws DomainError unknown race */
  async uninvite(caller: Principal, id: string): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const race = await this.lockOwn(tx, caller, id);
      if (race.inviteExpiresAt === null) return;
      await this.races.updateInvite(tx, id, null);
      await this.record(tx, caller, 'invite-revoked', id);
    });
  }

  /** Again is no second time. @throws DomainError no such invitation; the race is over or full */
  enter(caller: Principal, token: string, name: string | null, now = new Date()): Promise<RaceView> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const race = await this.races.findByInvite(tx, sha256(token), now, true);
      if (race === null) throw unknownRaceInvite();
      assertOpen(race);
      const known = await this.participants.findParticipant(tx, race.id, caller.id);
      if (known !== null) await this.participants.updateName(tx, race.id, caller.id, name);
      else {
        const row = { raceId: race.id, userId: caller.id, name };
        if ((await this.participants.insertParticipant(tx, row, MOST_PARTICIPANTS)) === null)
          throw raceFull();
      }
      if (known === null || known.state === 'left') await this.record(tx, caller, 'joined', race.id);
      return this.views.load(tx, caller.id, race.id);
    });
  }

  /**
   * The run that somebody races with; one that is over already is judged by a job. Again with the same run is no second time.
   * @throws DomainError unknown race or run; a run of another provider among others; a run that races elsewhere; another run in this race
   */
  start(caller: Principal, id: string, runId: string): Promise<RaceView> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.startIn(tx, caller, id, runId);
      return this.views.load(tx, caller.id, id);
    });
  }

  /** The same without a look at the race afterwards. */
  async startRace(caller: Principal, id: string, runId: string): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, (tx) => this.startIn(tx, caller, id, runId));
  }

  /** The same in a transaction of the platform's. */
  async startIn(tx: Tx, caller: Principal, id: string, runId: string): Promise<void> {
    const race = isUuid(id) ? await this.races.lockRace(tx, caller.id, id) : null;
    const entry = race === null ? null : await this.participants.findParticipant(tx, id, caller.id);
    if (race === null || entry === null || entry.state === 'left') throw unknownRace();
    const run = isUuid(runId) ? await this.participants.findRun(tx, caller.id, runId) : null;
    if (run === null) throw unknownRun();
    if (entry.runId === run.id) return;
    if (race.status === 'cancelled') throw raceOver();
    if (race.mode === 'group' && !NATIVE.includes(run.source)) throw providerTerms();
    if (entry.runId !== null) throw alreadyRacing();
    if ((await this.participants.findByRun(tx, run.id)) !== null) throw runRacesAlready();
    if ((await this.races.pinCurves(tx, id)).length > 0) throw ghostNotReady();
    await this.participants.updateRun(tx, id, caller.id, run.id);
    await this.races.updateStatus(tx, id);
    if (run.status === 'finished') await this.jobs.enqueueShared(tx, SETTLE_RACES, [{ runId: run.id }]);
    await this.record(tx, caller, 'started', id, { runId: run.id });
  }

  /** Results that were settled stay. @throws DomainError unknown race */
  async leave(caller: Principal, id: string): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const race = isUuid(id) ? await this.races.lockRace(tx, caller.id, id) : null;
      const entry = race === null ? null : await this.participants.findParticipant(tx, id, caller.id);
      if (race === null || entry === null || entry.state === 'left') throw unknownRace();
      await this.participants.updateLeft(tx, id, caller.id);
      await this.races.updateStatus(tx, id);
      await this.record(tx, caller, 'left', id);
    });
  }

  private async lockOwn(tx: Tx, caller: Principal, id: string): Promise<RaceRow> {
    const row = isUuid(id) ? await this.races.lockOwnRace(tx, caller.id, id) : null;
    if (row === null) throw unknownRace();
    return row;
  }

  private async record(
    tx: Tx,
    caller: Principal,
    what: 'invite-created' | 'invite-revoked' | 'joined' | 'started' | 'left',
    id: string,
    after?: object,
  ): Promise<void> {
    await this.audit.record(tx, caller, {
      action: `running.race-${what}`,
      object: { type: 'running.race', id },
      ...(after !== undefined && { after }),
    });
  }
}

function assertOpen({ status }: RaceRow): void {
  if (status === 'cancelled' || status === 'finished') throw raceOver();
}
