import { Injectable } from '@nestjs/common';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { unknownReference } from '../tabletop.errors.js';
import type { ReferenceEntryDto, ReferenceQueryDto, ReferenceTermsDto } from './reference.dto.js';
import { toReferenceEntryDto, toReferenceTermDto } from './reference.mapper.js';
import { placeOf, ReferenceIndex } from './search-reference.js';
import { shippedReference } from './srd-reference.reader.js';

/** The shipped terms of the rules, from memory. */
@Injectable()
export class ReferenceService {
  private index: ReferenceIndex | undefined;

  list({ q, category, edition, limit, cursor }: ReferenceQueryDto): ReferenceTermsDto {
    const after = cursor === undefined ? null : decodeCursor(cursor, ['number', 'string', 'string'] as const);
    const question = { text: q ?? null, category: category ?? null, edition: edition ?? null };
    const found = this.opened().search(question, after, limit + 1);
    const page = toPage(found, limit, placeOf, ({ entry }) => toReferenceTermDto(entry));
    return { ...page, attribution: shippedReference().attribution };
  }

  /** @throws DomainError unknown term */
  find(slug: string): ReferenceEntryDto {
    const entry = this.opened().find(slug);
    if (entry === undefined) throw unknownReference();
    return toReferenceEntryDto(entry, shippedReference().attribution);
  }

  private opened(): ReferenceIndex {
    this.index ??= new ReferenceIndex(shippedReference().entries);
    return this.index;
  }
}
