import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { decodeCursor, encodeCursor, toPage } from '../../platform/http/keyset.js';
import { HTTP_ERROR } from '../../platform/http/problem.js';
import { PublicRunners } from '../profiles/public-runners.service.js';
import { changesGone } from '../running.errors.js';
import { TOMBSTONE_DAYS } from './run-terms.js';
import type { RunChangesDto, RunChangesQueryDto, RunPageDto, RunsQueryDto } from './runs.dto.js';
import { toChangedRunDto, toRunDto } from './runs.mapper.js';
import {
  type ChangedRow,
  type RunPlace,
  type ShownRun,
  ShownRunsRepository,
} from './shown-runs.repository.js';

const DAY_MS = 86_400_000;

/** Lists of runs: one's own, those that another runner shows to everybody, and what has changed. */
@Injectable()
export class RunLists {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly shown: ShownRunsRepository,
    private readonly runners: PublicRunners,
  ) {}

  /** @throws DomainError for a cursor that no list like this has made */
  async own(caller: Principal, query: RunsQueryDto, now = new Date()): Promise<RunPageDto> {
    const { sort, order, limit } = query;
    const statement = this.shown.listOwn(
      caller.id,
      {
        sources: query.source ?? null,
        from: query.from === undefined ? null : new Date(query.from),
        to: query.to === undefined ? null : new Date(query.to),
      },
      { sort, order },
      readPlace(query.cursor, sort),
      limit + 1,
    );
    const rows = await this.uow.read<ShownRun>(caller, statement);
    return toPage(rows, limit, placeBy(sort), (run) => toRunDto(run, caller.id, now));
  }

  /** @param runner username or account id @throws DomainError a runner who does not want to be seen; as above */
  async ofRunner(
    caller: Principal,
    runner: string,
    { limit, cursor }: { limit: number; cursor?: string },
    now = new Date(),
  ): Promise<RunPageDto> {
    const { id } = await this.runners.find(caller, runner);
    const statement = this.shown.listPublic(id, readPlace(cursor, 'date'), limit + 1);
    const rows = await this.system.read<ShownRun>(SYSTEM_SCOPE, statement);
    return toPage(rows, limit, placeBy('date'), (run) => toRunDto(run, caller.id, now));
  }

  /** @throws DomainError when tombstones since then may have been forgotten; as above */
  async changes(
    caller: Principal,
    { since, limit }: RunChangesQueryDto,
    now = new Date(),
  ): Promise<RunChangesDto> {
    const [seq, toldAtMs] =
      since === undefined ? [0, now.getTime()] : decodeCursor(since, ['number', 'number'] as const);
    if (now.getTime() - toldAtMs > TOMBSTONE_DAYS * DAY_MS) throw changesGone();
    const rows = await this.uow.read<ChangedRow>(caller, this.shown.listChanges(caller.id, seq, limit + 1));
    const shown = rows.slice(0, limit);
    return {
      items: shown.map((row) => toChangedRunDto(row, caller.id, now)),
      // While there is more the client has not seen everything until now: its time stands still.
      nextSince: encodeCursor([
        shown.at(-1)?.changedSeq ?? seq,
        rows.length > limit ? toldAtMs : now.getTime(),
      ]),
      hasMore: rows.length > limit,
    };
  }
}

const placeBy =
  (sort: 'date' | 'distance') =>
  ({ startedAt, distanceM, id }: ShownRun): RunPlace => [
    sort === 'date' ? startedAt.toISOString() : String(distanceM ?? 0),
    id,
  ];

function readPlace(cursor: string | undefined, sort: 'date' | 'distance'): RunPlace | null {
  if (cursor === undefined) return null;
  const [key, id] = decodeCursor(cursor, ['string', 'string'] as const);
  const isKey = sort === 'date' ? !Number.isNaN(Date.parse(key)) : key !== '' && Number.isFinite(Number(key));
  if (!isKey || !isUuid(id))
    throw new DomainError('malformed', HTTP_ERROR.malformed, 'The cursor was not made by this list.');
  return [key, id];
}
