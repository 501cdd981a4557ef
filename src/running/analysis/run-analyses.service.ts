import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { unknownRun } from '../running.errors.js';
import { AnalysesRepository, type RunWithAnalysis } from './analyses.repository.js';
import type { BestEffort } from './best-efforts.js';
import type { RunAnalysisDto, RunBestEffortsDto, RunSplitsDto } from './run-analyses.dto.js';
import { analysisStateOf, toBestEffortDto, toRunAnalysisDto, toRunSplitDto } from './run-analyses.mapper.js';
import type { SplitUnit } from './splits.js';

/** What rules say of one's own runs. @throws DomainError (all methods) unknown run, or somebody else's */
@Injectable()
export class RunAnalyses {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly analyses: AnalysesRepository,
  ) {}

  async analysis(caller: Principal, runId: string): Promise<RunAnalysisDto> {
    return toRunAnalysisDto(await this.find(caller, runId));
  }

  async splits(caller: Principal, runId: string, unit: SplitUnit): Promise<RunSplitsDto> {
    const row = await this.find(caller, runId);
    const splits = (unit === 'km' ? row.splitsKm : row.splitsMi) ?? [];
    return { state: analysisStateOf(row), unit, items: splits.map(toRunSplitDto) };
  }

  async bestEfforts(caller: Principal, runId: string): Promise<RunBestEffortsDto> {
    const row = await this.find(caller, runId);
    const efforts = await this.uow.read<BestEffort>(caller, this.analyses.listEfforts(runId));
    return { state: analysisStateOf(row), items: efforts.map(toBestEffortDto) };
  }

  private async find(caller: Principal, runId: string): Promise<RunWithAnalysis> {
    const [row] = isUuid(runId)
      ? await this.uow.read<RunWithAnalysis>(caller, this.analyses.findAnalysis(runId))
      : [];
    if (row === undefined) throw unknownRun();
    return row;
  }
}
