import type { FoundObject } from '../objects/campaign-objects.service.js';
import { toCampaignObjectDto } from '../objects/objects.mapper.js';
import type { HookDto, MilestoneDto, PlotBeatDto } from './plot-beats.dto.js';
import type { BeatRow } from './plot-beats.repository.js';
import { plotDetailsOf } from './plot-kinds.js';
import type { CampaignPlotDto, PlotDependencyDto } from './plots.dto.js';
import type { DependencyRow } from './plots.repository.js';

export function toPlotDto({ object, seat }: FoundObject): CampaignPlotDto {
  const { status, progressPct } = plotDetailsOf(object.details);
  return { ...toCampaignObjectDto(object, seat), details: { status, progressPct } };
}

export function toPlotDependencyDto(row: DependencyRow): PlotDependencyDto {
  const { status } = plotDetailsOf(row.details);
  const isOpen = status !== 'resolved' && status !== 'abandoned';
  return { id: row.id, plotId: row.plotId, name: row.name, status, isOpen };
}

export function toMilestoneDto(row: BeatRow): MilestoneDto {
  return { ...toBeatDto(row), visibility: row.visibility };
}

/** For masters: nobody else sees the row. */
export function toHookDto(row: BeatRow): HookDto {
  const { plantedIn, plantedDay, discoveredBy } = row;
  return { ...toBeatDto(row), plantedIn, plantedDay, discoveredBy };
}

function toBeatDto(row: BeatRow): PlotBeatDto {
  return {
    id: row.id,
    plotId: row.plotId,
    title: row.title,
    note: row.note,
    dueSession: row.dueSession,
    dueDay: row.dueDay,
    isDone: row.isDone,
    doneIn: row.doneIn,
    doneDay: row.doneDay,
    version: row.version,
  };
}
