import { etagOf } from '../../platform/http/if-match.js';
import type { HistorySummary, ResultHead } from './race-results.repository.js';
import type {
  RaceHistorySummaryDto,
  RaceReplayDto,
  RaceResultDto,
  RaceStandingDto,
} from './race-results.dto.js';
import type { RaceReplay } from './race-results.service.js';
import type { ParticipantHead } from './race-participants.repository.js';
import type { InvitedRaceDto, RaceDto } from './races.dto.js';
import type { InvitedRace, RaceView } from './race-views.service.js';
import { evenly, rivalGaps } from './rival-gaps.js';
import { ERROR_BAR } from './settled-result.js';
import { standingsOf } from './standings.js';

export function toRaceDto({ race, ghosts, participants, callerId }: RaceView): RaceDto {
  const isOwn = race.userId === callerId;
  return {
    id: race.id,
    mode: race.mode,
    name: race.name,
    clock: race.clock,
    status: race.status,
    plannedAt: race.plannedAt?.toISOString() ?? null,
    isOwn,
    runId: participants.find(({ userId }) => userId === callerId)?.runId ?? null,
    ghosts: ghosts.map(({ ghostId, name, type }) => ({ ghostId, name, type })),
    participants: participants.map(({ number, name, userId, state }) => ({
      number,
      name,
      isYou: userId === callerId,
      state,
    })),
    inviteExpiresAt: isOwn ? (race.inviteExpiresAt?.toISOString() ?? null) : null,
    version: race.version,
    createdAt: race.createdAt.toISOString(),
    updatedAt: race.updatedAt.toISOString(),
  };
}

export const raceTagOf = ({ race }: RaceView): string => etagOf(race.version);

export function toInvitedRaceDto({ race, course, distanceM, participantCount }: InvitedRace): InvitedRaceDto {
  return {
    id: race.id,
    name: race.name,
    clock: race.clock,
    status: race.status,
    plannedAt: race.plannedAt?.toISOString() ?? null,
    courseName: course.name,
    basis: 'route',
    distanceM,
    participantCount,
    expiresAt: race.inviteExpiresAt!.toISOString(),
  };
}

export function toRaceResultDto(row: ResultHead): RaceResultDto {
  return {
    id: row.id,
    raceId: row.raceId,
    runId: row.runId,
    ghostId: row.ghostId,
    ghostName: row.ghostName,
    ghostType: row.ghostType,
    status: row.status,
    startedAt: row.startedAt?.toISOString() ?? null,
    userTimeS: row.userTimeS,
    ghostTimeS: row.ghostTimeS,
    timeDifferenceS: row.timeDifferenceS,
    errorBarS: row.errorBarS,
    isTooClose: row.isTooClose,
    averageGapS: row.averageGapS,
    maxGapS: row.maxGapS,
    minGapS: row.minGapS,
    distanceCompletedM: row.distanceCompletedM,
    completionRatio: row.completionRatio,
    splits: row.splits.map((split) => ({
      distanceM: split.distanceM,
      userTimeS: split.userTimeS,
      ghostTimeS: split.ghostTimeS,
      differenceS: split.differenceS,
      cumulativeDifferenceS: split.cumulativeDifferenceS,
    })),
    heartRates: row.heartRates.map(({ distanceM, userBpm, ghostBpm }) => ({ distanceM, userBpm, ghostBpm })),
    plausibility: row.plausibility.map(({ code, weight, detail }) => ({ code, weight, detail })),
    version: row.version,
    settledAt: row.settledAt.toISOString(),
  };
}

/** The fastest first, then those who have not finished, by number. */
export function toStandingDtos(
  participants: readonly ParticipantHead[],
  callerId: string,
): RaceStandingDto[] {
  return standingsOf(participants).map(({ entry, place, behindS }) => ({
    place,
    number: entry.number,
    name: entry.name,
    isYou: entry.userId === callerId,
    state: entry.state,
    officialTimeS: entry.officialTimeS,
    behindS,
    errorBarS: entry.errorBarS,
    completionRatio: entry.completionRatio,
    plausibility: (entry.plausibility ?? []).map(({ code, weight, detail }) => ({ code, weight, detail })),
  }));
}

export function toSummaryDto({
  wins,
  losses,
  abandoned,
  averageDifferenceS,
}: HistorySummary): RaceHistorySummaryDto {
  const finished = wins + losses;
  return {
    wins,
    losses,
    abandoned,
    winRate: finished === 0 ? null : wins / finished,
    averageImprovementS: averageDifferenceS === null ? null : -averageDifferenceS,
  };
}

export function toRaceReplayDto({ raceId, ghosts, mine, rivals }: RaceReplay, points: number): RaceReplayDto {
  return {
    raceId,
    ghosts: ghosts.map(({ ghostId, name, curve }) => {
      const kept = evenly(curve.timeS.length, points);
      const column = (values: Float64Array, digits: number): number[] =>
        kept.map((index) => rounded(values[index]!, digits));
      return {
        ghostId,
        number: null,
        name,
        timeS: column(curve.timeS, 1),
        distanceM: column(curve.alongM, 1),
        gapS: column(curve.gapS, 2),
        errorBarS: column(
          curve.sdS.map((sd) => sd * ERROR_BAR),
          2,
        ),
      };
    }),
    rivals:
      mine === null
        ? []
        : rivals.map(({ number, name, curve }) => {
            const { timeS, distanceM, gapS } = rivalGaps(mine, curve, points);
            return {
              ghostId: null,
              number,
              name,
              timeS: timeS.map((value) => rounded(value, 1)),
              distanceM: distanceM.map((value) => rounded(value, 1)),
              gapS: gapS.map((value) => rounded(value, 2)),
              errorBarS: null,
            };
          }),
  };
}

function rounded(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
