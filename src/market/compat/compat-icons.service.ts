import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/http/domain-error.js';
import { IconsService } from '../icons/icons.service.js';
import { iconUrl } from '../icons/market-icon.js';
import { iconBusy, iconRefused, invalidResource, itemNotFound, missingGidOrFile } from './compat.errors.js';
import type { CompatCall } from './compat-data.service.js';
import { COMPAT_GAME } from './compat-game.js';
import type { CompatIconDto } from './compat-icons.dto.js';
import { textOf } from './compat-query.js';

const GID = /^[1-9]\d{0,8}$/;

/** The original's upload of icons. Unlike there, only a picture is taken, and only as an item's first one. */
@Injectable()
export class CompatIconsService {
  constructor(private readonly icons: IconsService) {}

  /** @throws CompatError for what the original refuses, bytes that are no icon, and an item that is not there */
  async store(call: CompatCall, gid: unknown, bytes: Buffer | undefined): Promise<CompatIconDto> {
    if (textOf(call.query, 'resource') !== 'items' || textOf(call.query, 'type') !== 'icon')
      throw invalidResource();
    if (typeof gid !== 'string' || !GID.test(gid) || !bytes) throw missingGidOrFile();
    const place = { game: COMPAT_GAME, item: { externalId: Number(gid) } };
    const iconId = await this.icons.put(call.principal, place, Readable.from([bytes])).catch(refuse);
    return { success: true, url: iconUrl(iconId, call.origin) };
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  if (error.kind === 'notFound') throw itemNotFound();
  throw error.kind === 'overloaded' ? iconBusy() : iconRefused();
}
