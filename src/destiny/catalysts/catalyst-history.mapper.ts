import type {
  CatalystEtaDto,
  CatalystHistoryDto,
  EtaDto,
  InstantRangeDto,
  NumberRangeDto,
  ObjectiveEtaDto,
  ProgressPointDto,
} from './catalyst-history.dto.js';
import type { ProgressRow } from './catalyst-statuses.repository.js';
import type { Eta, EtaRange } from './eta.js';
import type { CatalystForecast, ObjectiveForecast } from './forecast.js';
import type { ObjectiveStatus } from './judge-catalyst.js';

const NO_ETA = { days: null, finishAt: null, hoursPlayed: null, eveningCount: 0, stalledSince: null };

export function toEtaDto(eta: Eta): EtaDto {
  if (eta.state === 'stalled')
    return { ...NO_ETA, state: 'stalled', stalledSince: new Date(eta.sinceMs).toISOString() };
  if (eta.state !== 'estimated') return { ...NO_ETA, state: eta.state };
  return {
    state: 'estimated',
    days: toRangeDto(eta.days),
    finishAt: toInstantsDto(eta.finishAtMs),
    hoursPlayed: eta.hoursPlayed === null ? null : toRangeDto(eta.hoursPlayed),
    eveningCount: eta.strideCount,
    stalledSince: null,
  };
}

function toRangeDto({ low, mid, high }: EtaRange): NumberRangeDto {
  return { low: rounded(low), mid: rounded(mid), high: rounded(high) };
}

function toInstantsDto({ low, mid, high }: EtaRange): InstantRangeDto {
  const textOf = (ms: number): string => new Date(ms).toISOString();
  return { low: textOf(low), mid: textOf(mid), high: textOf(high) };
}

export function toCatalystEtaDto(
  recordHash: number,
  asOf: Date | null,
  { eta, objectives }: CatalystForecast,
): CatalystEtaDto {
  return {
    ...toEtaDto(eta),
    recordHash,
    asOf: asOf?.toISOString() ?? null,
    objectives: objectives.map(toObjectiveEtaDto),
  };
}

function toObjectiveEtaDto({
  objectiveHash,
  text,
  remaining,
  pace,
  eta,
}: ObjectiveForecast): ObjectiveEtaDto {
  return {
    ...toEtaDto(eta),
    objectiveHash,
    text,
    remaining,
    perDay: roundedOrNull(pace.perDay),
    perHourPlayed: roundedOrNull(pace.perHourPlayed),
    perActiveHour: roundedOrNull(pace.perActiveHour),
  };
}

export function toHistoryDto(
  recordHash: number,
  objectives: readonly ObjectiveStatus[],
  moves: readonly ProgressRow[],
  isCut: boolean,
): CatalystHistoryDto {
  const hashes = [...new Set(moves.map(({ objectiveHash }) => objectiveHash))];
  return {
    recordHash,
    series: hashes.map((objectiveHash) => ({
      objectiveHash,
      text: objectives.find((objective) => objective.objectiveHash === objectiveHash)?.text ?? null,
      points: moves.filter((move) => move.objectiveHash === objectiveHash).map(toPointDto),
    })),
    isCut,
  };
}

function toPointDto({
  mintedAt,
  progress,
  target,
  isComplete,
  minutesPlayed,
}: ProgressRow): ProgressPointDto {
  return { at: mintedAt.toISOString(), progress, target, isComplete, minutesPlayed };
}

function rounded(number: number): number {
  return Number(number.toPrecision(4));
}

function roundedOrNull(number: number | null): number | null {
  return number === null ? null : rounded(number);
}
