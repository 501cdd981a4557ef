import type { CampaignImportDto, MappingReportDto } from './campaign-imports.dto.js';
import type { CampaignImportRow } from './campaign-imports.repository.js';
import type { MappingReport } from './mapping-report.js';

export function toCampaignImportDto(row: CampaignImportRow): CampaignImportDto {
  return {
    id: row.id,
    campaignId: row.campaignId,
    source: row.source,
    state: row.state,
    error: row.error,
    done: row.position,
    total: row.total,
    counts: { ...row.counts },
    objects: row.objects.map(({ id, name, outcome }) => ({ id, name, outcome })),
    conflicts: row.conflicts.map(({ path, before, ours, theirs }) => ({ path, before, ours, theirs })),
    report: row.report === null ? null : toReportDto(row.report),
    jobId: row.jobId,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

function toReportDto({ mapped, kept, ignored, odd, counts }: MappingReport): MappingReportDto {
  return {
    mapped: mapped.map(({ from, to }) => ({ from, to })),
    kept: [...kept],
    ignored: ignored.map(({ at, reason }) => ({ at, reason })),
    odd: odd.map(({ at, reason }) => ({ at, reason })),
    counts: { ...counts },
  };
}
