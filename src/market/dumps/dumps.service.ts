import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import type { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { byteRange } from '../../platform/storage/byte-range.js';
import type { ByteSpan } from '../../platform/storage/file-store.js';
import { Storage } from '../../platform/storage/storage.service.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { badCursor, unknownDump } from '../market.errors.js';
import type { DumpsDto, DumpTotalsDto } from './dumps.dto.js';
import { toDumpDto, toDumpTotalsDto } from './dumps.mapper.js';
import { DumpsRepository, type DumpTotalsRow, type StoredDumpRow } from './dumps.repository.js';
import { dayOfFileName, dumpFileName } from './market-dump.js';

/** Dumps as readers see them. */
@Injectable()
export class DumpsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly dumps: DumpsRepository,
    private readonly storage: Storage,
  ) {}

  async list(caller: Principal, gameKey: string, query: PageQueryDto): Promise<DumpsDto> {
    const { id } = await this.directory.game(gameKey);
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    if (before !== null && dayOfFileName(dumpFileName(before)) === undefined) throw badCursor();
    const rows = await this.uow.read<StoredDumpRow>(
      caller,
      this.dumps.pageStatement(id, before, query.limit + 1),
    );
    return toPage(
      rows,
      query.limit,
      ({ day }) => [day],
      (row) => toDumpDto(gameKey, row),
    );
  }

  /** Of every game: what a mirror compares itself with. */
  async totals(caller: Principal): Promise<DumpTotalsDto> {
    return toDumpTotalsDto(await this.uow.read<DumpTotalsRow>(caller, this.dumps.totalsStatement()));
  }

  /** @throws DomainError unknown game, or no dump of that name */
  async find(caller: Principal, gameKey: string, fileName: string): Promise<StoredDumpRow> {
    const { id } = await this.directory.game(gameKey);
    const day = dayOfFileName(fileName);
    if (day === undefined) throw unknownDump();
    const [dump] = await this.uow.read<StoredDumpRow>(caller, this.dumps.dumpStatement(id, day));
    if (!dump) throw unknownDump();
    return dump;
  }

  /** @param range a Range header; one that cannot be met counts for none */
  async open(
    dump: StoredDumpRow,
    range: string | undefined,
  ): Promise<{ span: ByteSpan | undefined; bytes: Readable }> {
    const span = byteRange(range, dump.sizeBytes);
    return { span, bytes: await this.storage.read({ id: dump.fileId }, span) };
  }
}
