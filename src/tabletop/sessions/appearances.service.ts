import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import { readIdCursor } from '../../platform/http/id-cursor.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import { type Page, toPage } from '../../platform/http/keyset.js';
import { CampaignLinks } from '../links/campaign-links.service.js';
import type { ShownLinkRow } from '../links/links.repository.js';
import type { PlaceTraitsDto } from '../locations/place-traits.dto.js';
import type { ObjectKind } from '../objects/object-kinds.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { unknownLink } from '../tabletop.errors.js';
import type { AppearanceDto, NewAppearanceDto } from './appearances.dto.js';

/** What things appear in. */
export type Stage = 'session' | 'event';

const APPEARS: readonly ObjectKind[] = [
  'character',
  'location',
  'plot',
  'item',
  'event',
  'map',
  'note',
  'arc',
  'encounter',
];

/** Who and what appeared in a session or an event: links, told to whoever sees them and both their ends. */
@Injectable()
export class Appearances {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly links: CampaignLinks,
  ) {}

  /** In the order in which they were told. @throws DomainError unknown object */
  list(
    caller: Principal,
    stage: Stage,
    id: string,
    query: { limit: number; cursor?: string },
  ): Promise<Page<AppearanceDto>> {
    const after = readIdCursor(query.cursor);
    return this.desk.find(caller, stage, id, async (tx, { object, seat }) => {
      const filter = { kind: 'appearance', objectId: object.id, end: 'from' } as const;
      const rows = await this.links.list(tx, seat, filter, after, query.limit + 1);
      return toPage(rows, query.limit, (row) => [row.id], toAppearanceDto);
    });
  }

  /** By masters. @throws DomainError unknown object: either; the role is too low; it has appeared there already */
  create(
    caller: Principal,
    stage: Stage,
    id: string,
    wish: NewAppearanceDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<AppearanceDto>> {
    return this.desk.add(caller, stage, id, request, async (tx, { object, seat }) => {
      const { scene, note, traits, visibility, shownTo } = wish;
      const draft = {
        kind: 'appearance' as const,
        type: 'appeared',
        fromId: object.id,
        toId: wish.objectId,
        details: {
          ...(scene === undefined ? {} : { scene }),
          ...(note === undefined ? {} : { note: cleanHtml(note) }),
          ...(traits === undefined ? {} : { traits }),
        },
        visibility,
        shownTo,
      };
      return toAppearanceDto(await this.links.create(tx, caller, seat, draft, { to: APPEARS }));
    });
  }

  /** @throws DomainError unknown object; unknown link: none of its appearances; the role is too low */
  remove(caller: Principal, stage: Stage, id: string, linkId: string): Promise<void> {
    return this.desk.find(caller, stage, id, async (tx, { object }) => {
      const { link } = await this.links.find(tx, caller, 'appearance', linkId);
      if (link.fromId !== object.id) throw unknownLink();
      await this.links.remove(tx, caller, 'appearance', linkId);
    });
  }
}

function toAppearanceDto(link: ShownLinkRow): AppearanceDto {
  const { scene, note, traits } = link.details as { scene?: number; note?: string; traits?: PlaceTraitsDto };
  return {
    id: link.id,
    object: { id: link.toId, kind: link.toKind, name: link.toName },
    scene: scene ?? null,
    note: note ?? '',
    traits: traits ?? null,
    visibility: link.visibility,
    version: link.version,
  };
}
