import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { isUuid } from '../../platform/database/uuid.js';
import { assertBytes, fileRefused } from '../../platform/operations/files/file-refusals.js';
import { FileRefusedError } from '../../platform/storage/storage.errors.js';
import type { StoredFileRow } from '../../platform/storage/stored-files.repository.js';
import { unknownIcon } from '../market.errors.js';
import type { IconDto } from './icons.dto.js';
import { type IconPlace, IconsService } from './icons.service.js';
import { iconUrl } from './market-icon.js';

/** Icons as the native routes show them. */
@Injectable()
export class NativeIconsService {
  constructor(private readonly icons: IconsService) {}

  /** @throws DomainError that says why it is not taken */
  async put(caller: Principal, place: IconPlace, source: Readable): Promise<IconDto> {
    assertBytes(source);
    try {
      return { url: iconUrl(await this.icons.put(caller, place, source))! };
    } catch (error) {
      throw error instanceof FileRefusedError ? fileRefused(error.reason) : error;
    }
  }

  remove(caller: Principal, place: IconPlace): Promise<void> {
    return this.icons.remove(caller, place);
  }

  /** @throws DomainError unknown icon */
  async find(iconId: string): Promise<StoredFileRow> {
    const file = isUuid(iconId) ? await this.icons.find(iconId) : undefined;
    if (!file) throw unknownIcon();
    return file;
  }

  open(file: StoredFileRow): Promise<Readable> {
    return this.icons.open(file);
  }
}
