import type { RunWithAnalysis } from './analyses.repository.js';
import type { BestEffort } from './best-efforts.js';
import type { AnalysisState, BestEffortDto, RunAnalysisDto, RunSplitDto } from './run-analyses.dto.js';
import type { Split } from './splits.js';

export function analysisStateOf(row: RunWithAnalysis): AnalysisState {
  if (row.analysedAt !== null) return 'ready';
  return row.hasTrack ? 'pending' : 'none';
}

export function toRunAnalysisDto(row: RunWithAnalysis): RunAnalysisDto {
  return {
    state: analysisStateOf(row),
    rulesVersion: row.rulesVersion,
    analysedAt: row.analysedAt?.toISOString() ?? null,
    distanceBasis: row.distanceBasis,
    activeTimeS: row.activeTimeS,
    gradeAdjustedPaceSPerKm: row.gradeAdjustedPaceSPerKm,
    energyAdjustedPaceSPerKm: row.energyAdjustedPaceSPerKm,
    normalisedSpeedMps: row.normalisedSpeedMps,
    decouplingPct: row.decouplingPct,
    strideLengthM: row.strideLengthM,
    sustainedHeartRateBpm: row.sustainedHeartRateBpm,
  };
}

export function toRunSplitDto(split: Split): RunSplitDto {
  return {
    number: split.number,
    distanceM: split.distanceM,
    elapsedTimeS: split.elapsedTimeS,
    movingTimeS: split.movingTimeS,
    paceSPerKm: split.paceSPerKm,
    gradeAdjustedPaceSPerKm: split.gradeAdjustedPaceSPerKm,
    elevationGainM: split.elevationGainM,
    elevationLossM: split.elevationLossM,
    averageHeartRateBpm: split.averageHeartRateBpm,
    averageCadenceSpm: split.averageCadenceSpm,
  };
}

export function toBestEffortDto(effort: BestEffort): BestEffortDto {
  return {
    distanceM: effort.distanceM,
    elapsedTimeS: effort.elapsedTimeS,
    paceSPerKm: (effort.elapsedTimeS * 1000) / effort.distanceM,
    startM: effort.startM,
    startS: effort.startS,
  };
}
