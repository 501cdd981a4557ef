import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.service.js';
import type { Principal } from '../../auth/principal.js';
import type { Scope } from '../../database/unit-of-work.js';
import { isUuid } from '../../database/uuid.js';
import { DomainError } from '../../http/domain-error.js';
import { decodeCursor, toPage } from '../../http/keyset.js';
import { byteRange } from '../../storage/byte-range.js';
import { type FileLink, FileLinks } from '../../storage/file-links.js';
import { UPLOAD_PURPOSES } from '../../storage/file-purposes.js';
import type { ByteSpan } from '../../storage/file-store.js';
import { FileRefusedError } from '../../storage/storage.errors.js';
import { Storage } from '../../storage/storage.service.js';
import type { StoredFileRow } from '../../storage/stored-files.repository.js';
import { OPERATIONS_ERROR } from '../operations.errors.js';
import { assertBytes, fileRefused } from './file-refusals.js';
import type { FileDto, FilesDto, FilesQueryDto } from './files.dto.js';
import { toFileDto } from './files.mapper.js';

/** A link is asked for when it is needed; a longer one would outlive the reason. */
const LINK_LASTS_S = 900;

/** Files as their owners see them. Audited with what they are, never with what is in them. */
@Injectable()
export class FilesDesk {
  constructor(
    private readonly storage: Storage,
    private readonly links: FileLinks,
    private readonly audit: Audit,
  ) {}

  /** @param source read to its end already when the body was none of bytes @throws DomainError that says why it is not taken */
  async upload(caller: Principal, purposeName: string, source: Readable): Promise<FileDto> {
    const purpose = UPLOAD_PURPOSES.find(({ name }) => name === purposeName)!;
    assertBytes(source);
    try {
      const file = await this.storage.receive(caller, purpose, source, (tx, stored) =>
        this.audit.record(tx, caller, { ...eventOf('stored', stored), after: metadataOf(stored) }),
      );
      return this.show(file);
    } catch (error) {
      throw error instanceof FileRefusedError ? fileRefused(error.reason) : error;
    }
  }

  async find(scope: Scope, id: string): Promise<FileDto> {
    const file = isUuid(id) ? await this.storage.find(scope, id) : undefined;
    if (!file) throw unknownFile();
    return this.show(file);
  }

  async list(scope: Scope, query: FilesQueryDto): Promise<FilesDto> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    const filter = { purpose: query.purpose ?? null, limit: query.limit + 1 };
    const isKnown = before === null || isUuid(before);
    const files = isKnown ? await this.storage.list(scope, { ...filter, before }) : [];
    return toPage(
      files,
      query.limit,
      (file) => [file.id],
      (file) => this.show(file),
    );
  }

  async delete(caller: Principal, id: string): Promise<void> {
    const remember = (tx: Parameters<Audit['record']>[0], file: StoredFileRow): Promise<void> =>
      this.audit.record(tx, caller, { ...eventOf('deleted', file), before: metadataOf(file) });
    const file = isUuid(id) ? await this.storage.delete(caller, id, remember) : undefined;
    if (!file) throw unknownFile();
  }

  /** @throws DomainError for a link that is not good, before anything is looked up */
  async findByLink(id: string, link: FileLink): Promise<StoredFileRow> {
    if (!isUuid(id) || !this.links.isGood(id, link, Date.now() / 1_000))
      throw new DomainError(
        'forbidden',
        OPERATIONS_ERROR.fileLinkInvalid,
        'The link was changed or is too old; ask for a new one.',
      );
    const file = await this.storage.findAny(id);
    if (!file) throw unknownFile();
    return file;
  }

  /** @param range a Range header; one that cannot be met counts for none */
  async open(
    file: StoredFileRow,
    range: string | undefined,
  ): Promise<{ span: ByteSpan | undefined; bytes: Readable }> {
    const span = byteRange(range, file.sizeBytes);
    return { span, bytes: await this.storage.read(file, span) };
  }

  private show(file: StoredFileRow): FileDto {
    const latest = Math.floor(Date.now() / 1_000) + LINK_LASTS_S;
    const expires = Math.min(latest, Math.floor((file.expiresAt?.getTime() ?? Infinity) / 1_000));
    return toFileDto(file, this.links.sign(file.id, expires));
  }
}

function eventOf(what: 'stored' | 'deleted', { id }: StoredFileRow) {
  return { action: `platform.file-${what}`, object: { type: 'platform.stored-file', id } };
}

function metadataOf({ purpose, mediaType, sizeBytes }: StoredFileRow): object {
  return { purpose, mediaType, sizeBytes };
}

function unknownFile(): DomainError {
  return new DomainError('notFound', OPERATIONS_ERROR.fileUnknown, 'There is no such file.');
}
