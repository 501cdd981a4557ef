import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Picture } from '../../platform/http/svg-answer.js';
import { CatalystReads } from '../catalysts/catalyst-reads.service.js';
import type { OwnCatalyst, OwnCatalysts } from '../catalysts/own-catalysts.js';
import { nearestOf } from '../catalysts/catalyst-list.js';
import { unknownShare } from '../destiny.errors.js';
import { CatalystPictures } from '../pictures/catalyst-pictures.service.js';
import { SLUG } from './share-kinds.js';
import type { PublicShareDto, SharedCardQueryDto } from './shares.dto.js';
import { toPublicShareDto } from './shares.mapper.js';
import { type ShareRow, SharesRepository } from './shares.repository.js';

/**
 * What a link shows, to whoever knows it. The platform's role finds whose it is; from then on everything is read in its owner's scope,
 * so that no mistake here shows a third account's rows.
 */
@Injectable()
export class PublicShares {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly shares: SharesRepository,
    private readonly reads: CatalystReads,
    private readonly pictures: CatalystPictures,
  ) {}

  /** @throws DomainError unknown link: it never was, was revoked or has ended */
  async read(slug: string, now = new Date()): Promise<PublicShareDto> {
    const share = await this.find(slug, now);
    const own = await this.reads.read({ id: share.userId }, now.getTime());
    return toPublicShareDto(share, own, shownOf(share, own));
  }

  /** Shows no more than {@link read}. @throws DomainError likewise */
  async card(slug: string, { theme }: SharedCardQueryDto, now = new Date()): Promise<Picture> {
    const share = await this.find(slug, now);
    const own = await this.reads.read({ id: share.userId }, now.getTime());
    if (share.shows !== 'catalyst') return this.pictures.drawSummary(own, share.displayName, theme);
    return this.pictures.drawCatalyst(shownOf(share, own)[0]!, own, share.displayName, theme);
  }

  private async find(slug: string, now: Date): Promise<ShareRow> {
    const [share] = SLUG.test(slug)
      ? await this.system.read<ShareRow>(SYSTEM_SCOPE, this.shares.findBySlug(slug, now))
      : [];
    if (share === undefined) throw unknownShare();
    return share;
  }
}

/** @throws DomainError for a catalyst that the catalog no longer has: there is nothing to show */
function shownOf({ shows, recordHash }: ShareRow, { entries }: OwnCatalysts): readonly OwnCatalyst[] {
  if (shows === 'list') return entries;
  if (shows === 'summary') return nearestOf(entries);
  const entry = entries.find(({ facts }) => facts.recordHash === recordHash);
  if (entry === undefined) throw unknownShare();
  return [entry];
}
