import { Readable } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DomainError } from '../../platform/http/domain-error.js';
import { IconsService } from '../icons/icons.service.js';
import { iconUrl } from '../icons/market-icon.js';
import { iconBusy, iconRefused, invalidResource, itemNotFound, missingGidOrFile } from './compat.errors.js';
import { COMPAT_GAME } from './compat-game.js';
import type { CompatIconDto } from './compat-icons.dto.js';
import { textOf } from './compat-query.js';
import { type CompatRequest, CompatResources, replyOf } from './compat-resources.service.js';

const GID = /^[1-9]\d{0,8}$/;

/** The original's upload of icons. Unlike there, only a picture is taken, and only as an item's first one. */
@Injectable()
export class CompatIconsService implements OnModuleInit {
  constructor(
    private readonly resources: CompatResources,
    private readonly icons: IconsService,
  ) {}

  onModuleInit(): void {
    this.resources.register('data', 'items', { POST: async (request) => replyOf(await this.store(request)) });
  }

  /** @throws CompatError for what the original refuses, bytes that are no icon, and an item that is not there */
  private async store({ principal, query, origin, body, file }: CompatRequest): Promise<CompatIconDto> {
    const gid = (body as Record<string, unknown> | undefined)?.['gid'];
    if (textOf(query, 'type') !== 'icon') throw invalidResource();
    if (typeof gid !== 'string' || !GID.test(gid) || !file) throw missingGidOrFile();
    const place = { game: COMPAT_GAME, item: { externalId: Number(gid) } };
    const iconId = await this.icons.put(principal, place, Readable.from([file])).catch(refuse);
    return { success: true, url: iconUrl(iconId, origin) };
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  if (error.kind === 'notFound') throw itemNotFound();
  throw error.kind === 'overloaded' ? iconBusy() : iconRefused();
}
