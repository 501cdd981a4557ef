import type { CampaignLanguage } from '../campaigns/campaign-kinds.js';
import type { ComparedName } from '../names/name-likeness.js';
import { GramReader } from '../names/name-grams.js';
import { isForParty, type ObjectKind, type Visibility } from '../objects/object-kinds.js';
import { searchableText } from '../objects/searchable-text.js';
import { PLAIN_TITLE, titleField, wordsField } from './index-layout.js';

/** An object as it goes into an index. */
export interface IndexedRow {
  readonly id: string;
  readonly campaignId: string;
  /** The highest number of what has changed of it; the document's version. */
  readonly seq: string;
  readonly isDeleted: boolean;
  readonly kind: ObjectKind;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly body: string;
  readonly details: object;
  readonly tags: readonly string[];
  readonly visibility: Visibility;
  readonly shownTo: readonly string[];
  readonly ownerId: string | null;
  /** What people have called it, and what masters alone have. */
  readonly heard: readonly string[] | null;
  readonly heardByMasters: readonly string[] | null;
}

/** @param ear of the campaign's language @returns its document; of a deleted object nothing is in it but that it was there */
export function toIndexDocument(
  row: IndexedRow,
  language: CampaignLanguage,
  hasSounds: boolean,
  ear: { compared(text: string): ComparedName },
): Record<string, unknown> {
  const place = { id: row.id, campaign_id: row.campaignId, change: Number(row.seq) };
  if (row.isDeleted) return { ...place, is_deleted: true };
  const own = [row.name, ...row.aliases];
  const names = [...own, ...(row.heard ?? [])];
  const mastersNames = row.heardByMasters ?? [];
  const title = own.join('\n');
  return {
    ...place,
    is_deleted: false,
    kind: row.kind,
    tags: row.tags,
    is_for_party: isForParty(row.visibility),
    seen_by: [...row.shownTo, ...(row.ownerId === null ? [] : [row.ownerId])],
    order: row.name,
    names,
    masters_names: mastersNames,
    pieces: namePieces(names.map((name) => ear.compared(name))),
    masters_pieces: namePieces(mastersNames.map((name) => ear.compared(name))),
    ...(hasSounds && { sounds: names.join('\n'), masters_sounds: mastersNames.join('\n') }),
    [PLAIN_TITLE]: title,
    [titleField(language)]: title,
    [wordsField(language)]: [title, row.summary, row.body, searchableText(row.details)].join('\n'),
  };
}

/** @returns numbers of the pieces that names have, each once, between blanks: what the field `pieces` holds */
export function namePieces(names: readonly ComparedName[]): string {
  const reader = new GramReader();
  const pieces = new Set(names.flatMap((name) => [...piecesOf(name, reader)]));
  return [...pieces].sort((a, b) => a - b).join(' ');
}

/** @returns the numbers; overwritten by the reader's next call */
export function piecesOf({ letters, phones }: ComparedName, reader: GramReader): Int32Array {
  return reader.read(letters, 0, letters.length, phones, 0, phones.length);
}
