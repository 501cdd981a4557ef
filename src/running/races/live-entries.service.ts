import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Scope, Tx } from '../../platform/database/unit-of-work.js';
import { GhostCurves } from '../ghosts/ghost-curves.service.js';
import { FixesRepository } from '../recordings/fixes.repository.js';
import type { FixColumns } from '../recordings/fix-codec.js';
import { fixAt, mergeFixes } from '../recordings/fix-columns.js';
import type { Fix } from '../recordings/fix.js';
import type { RunEvent } from '../recordings/fold-run.js';
import { RunEventsRepository } from '../recordings/run-events.repository.js';
import { GhostRace, type RaceGhost } from './ghost-race.js';
import { LiveRace } from './live-race.js';
import type { LiveEntry } from './live-run.js';
import { type ParticipantHead, RaceParticipantsRepository } from './race-participants.repository.js';
import { type RaceGhostRow, type RaceRow, RacesRepository } from './races.repository.js';

interface StoredEntry {
  readonly entry: ParticipantHead;
  readonly race: RaceRow;
  readonly ghosts: readonly RaceGhostRow[];
  readonly fixes: FixColumns;
  readonly events: readonly RunEvent[];
}

/** The race of a run as it stands by what is stored: how a race goes on after a break, here or in another process. */
@Injectable()
export class LiveEntries {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly races: RacesRepository,
    private readonly participants: RaceParticipantsRepository,
    private readonly fixes: FixesRepository,
    private readonly events: RunEventsRepository,
    private readonly curves: GhostCurves,
  ) {}

  /** @returns undefined where the caller's run is in no race */
  async load({ id: callerId }: Scope, runId: string): Promise<LiveEntry | undefined> {
    const stored = await this.system.run(SYSTEM_SCOPE, (tx) => this.read(tx, callerId, runId));
    return stored && this.replay(stored);
  }

  /** Runners of a group race who are under way, but for one. */
  async loadOthers(raceId: string, butNumber: number, most: number): Promise<LiveEntry[]> {
    const stored = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const all = await this.participants.listParticipants(tx, [raceId]);
      const running = all.filter(
        ({ number, runId, state }) => number !== butNumber && runId && state === 'racing',
      );
      const entries: StoredEntry[] = [];
      for (const { userId, runId } of running.slice(0, most)) {
        const entry = await this.read(tx, userId, runId!);
        if (entry !== undefined) entries.push(entry);
      }
      return entries;
    });
    return Promise.all(stored.map((one) => this.replay(one)));
  }

  private async read(tx: Tx, userId: string, runId: string): Promise<StoredEntry | undefined> {
    const entry = await this.participants.findByRun(tx, runId);
    if (entry === null || entry.userId !== userId) return undefined;
    const race = await this.races.findRace(tx, userId, entry.raceId);
    if (race === null) return undefined;
    const ghosts = await this.races.listGhosts(tx, [race.id]);
    const waiting = await this.fixes.findWaiting(tx, userId, runId);
    const folded = await this.fixes.findFolded(tx, runId);
    const fixes = folded === undefined ? waiting : mergeFixes(folded, waiting);
    return { entry, race, ghosts, fixes, events: await this.events.listEvents(tx, runId) };
  }

  private async replay({ entry, race, ghosts: rows, fixes, events }: StoredEntry): Promise<LiveEntry> {
    const ghosts: RaceGhost[] = [];
    for (const { ghostId, originGhostId, curveVersion } of rows) {
      const curve = curveVersion === null ? null : await this.curves.read(originGhostId, curveVersion);
      if (curve !== null) ghosts.push({ id: ghostId, curve });
    }
    const { number, name } = entry;
    const about = { raceId: race.id, isGroup: race.mode === 'group', number, name };
    if (ghosts.length === 0) return { ...about, live: null };
    const live = LiveRace.start(GhostRace.start({ ghosts, clock: race.clock }), about);
    live.replay(each(fixes), events);
    return { ...about, live };
  }
}

function* each(fixes: FixColumns): Generator<Fix> {
  for (let index = 0; index < fixes.length; index += 1) yield fixAt(fixes, index);
}
