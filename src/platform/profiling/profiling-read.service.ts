import { Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../auth/principal.js';
import { SystemUnitOfWork } from '../database/database.module.js';
import type { Tx } from '../database/unit-of-work.js';
import { cursorOf, keyOf } from './log-cursor.js';
import type {
  ErrorGroupsDto,
  ErrorsQueryDto,
  LogsQueryDto,
  PerformanceLogsDto,
  PeriodQueryDto,
  SlowestDto,
  SummaryDto,
  SummaryQueryDto,
  UsageDto,
  UsageQueryDto,
} from './profiling.dto.js';
import { toErrorGroupDto, toPerformanceLogDto, toSummaryDto, toUsageDto } from './profiling.mapper.js';
import { type Period, ProfilingReadRepository } from './profiling-read.repository.js';

const DAY_MS = 86_400_000;
const READ_LIMIT_MS = 10_000;

/**
 * What administrators ask of the performance rows. The rows are everybody's, hence the system's unit of work; it has two
 * connections of which the sink needs one, so reads wait for each other here.
 */
@Injectable()
export class ProfilingReadService {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly repository: ProfilingReadRepository,
  ) {}

  async logs(query: LogsQueryDto): Promise<PerformanceLogsDto> {
    const { endpoint, operation, userId, requestId, minDurationMs, limit } = query;
    const filter = { ...periodOf(query), endpoint, operation, userId, requestId, minDurationMs };
    const after = query.cursor === undefined ? undefined : keyOf(query.cursor);
    const rows = await this.read((tx) => this.repository.listLogs(tx, filter, limit + 1, after));
    const last = rows[limit - 1];
    return {
      items: rows.slice(0, limit).map(toPerformanceLogDto),
      nextCursor: rows.length > limit && last ? cursorOf({ us: last.us, id: String(last.id) }) : null,
    };
  }

  async summary(query: SummaryQueryDto): Promise<SummaryDto> {
    const rows = await this.read((tx) =>
      this.repository.listSummary(tx, periodOf(query), query.endpoint, query.limit),
    );
    return { items: rows.map(toSummaryDto) };
  }

  async slowest(query: PeriodQueryDto): Promise<SlowestDto> {
    const rows = await this.read((tx) => this.repository.listSlowest(tx, periodOf(query), query.limit));
    return { items: rows.map(toPerformanceLogDto) };
  }

  async usage(query: UsageQueryDto): Promise<UsageDto> {
    const rows = await this.read((tx) =>
      this.repository.listUsage(tx, periodOf(query), query.by, query.limit),
    );
    return { items: rows.map(toUsageDto) };
  }

  async errors(query: ErrorsQueryDto): Promise<ErrorGroupsDto> {
    const { limit, cursor } = query;
    const after = cursor === undefined ? undefined : keyOf(cursor);
    const rows = await this.read((tx) => this.repository.listErrors(tx, periodOf(query), limit + 1, after));
    const last = rows[limit - 1];
    return {
      items: rows.slice(0, limit).map(toErrorGroupDto),
      nextCursor: rows.length > limit && last ? cursorOf({ us: last.us, id: last.fingerprint }) : null,
    };
  }

  private read<Row>(work: (tx: Tx) => Promise<Row[]>): Promise<Row[]> {
    const turn = this.last.then(() =>
      this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
        await this.repository.limitTime(tx, READ_LIMIT_MS);
        return work(tx);
      }),
    );
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

/** The newest day unless said otherwise. */
function periodOf({ from, to }: PeriodQueryDto): Period {
  const end = to === undefined ? new Date() : new Date(to);
  return { from: from === undefined ? new Date(end.getTime() - DAY_MS) : new Date(from), to: end };
}
