import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { Rooms } from '../../platform/realtime/rooms.service.js';
import { toOfficialResult, toRunners } from './race-frames.mapper.js';
import { raceRoom, runRoom } from './race-rooms.js';
import { RaceParticipantsRepository } from './race-participants.repository.js';
import { RaceResultsRepository } from './race-results.repository.js';
import { RacesRepository } from './races.repository.js';

/** Tells those who are there how a race ended, from whichever process judged it. */
@Injectable()
export class RaceNews {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly races: RacesRepository,
    private readonly participants: RaceParticipantsRepository,
    private readonly results: RaceResultsRepository,
    private readonly rooms: Rooms,
  ) {}

  /** The runner the results, everybody in the race the places. */
  async tellSettled(raceId: string, runId: string): Promise<void> {
    const { race, participants, results } = await this.system.run(SYSTEM_SCOPE, async (tx) => ({
      race: await this.races.findAnyRace(tx, raceId),
      participants: await this.participants.listParticipants(tx, [raceId]),
      results: await this.results.listByRun(tx, runId),
    }));
    if (race === null) return;
    for (const result of results)
      this.rooms.publish(runRoom(runId), 'result', { raceId, runId, ...toOfficialResult(result) });
    const runners = toRunners(participants);
    this.rooms.publish(raceRoom(raceId), 'standings', { raceId, status: race.status, runners });
  }
}
