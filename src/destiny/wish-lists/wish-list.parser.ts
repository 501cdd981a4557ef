import {
  ANY_ITEM,
  type LineFault,
  type LineFaultCode,
  MOST_DESCRIPTION_LENGTH,
  MOST_LINE_LENGTH,
  MOST_NOTES_LENGTH,
  MOST_PERKS,
  MOST_TAG_LENGTH,
  MOST_TAGS,
  MOST_TITLE_LENGTH,
  type WishNotes,
  type WishRoll,
} from './wish-list.js';

/** Faults that are told; the others are counted. */
export const MOST_FAULTS_TOLD = 100;

const LARGEST_HASH = 0xffff_ffff;
const ROLL = 'dimwishlist:';
const ITEM = /^dimwishlist:\s*item=(-?\d{1,10})(?![\d.])\s*(.*)$/i;
const PERKS = /^&perks=([\d,\s]*)\s*(.*)$/i;
const NOTES = /^#notes:(.*)$/i;
const TAGS = /\|\s*tags:(.*)$/i;
// eslint-disable-next-line no-control-regex -- nobody sees them, and PostgreSQL cannot store the first
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/**
 * Reads DIM's format line by line (wish-list.ts), so that of a long list only what it says is ever held. Tolerant: a line that says
 * nothing known is passed over and told with its number.
 */
export class WishListParser {
  title: string | null = null;
  description: string | null = null;
  faultCount = 0;
  /** The first hundred. */
  readonly faults: LineFault[] = [];
  private lineCount = 0;
  private notes: WishNotes | null = null;

  /** @param given without its line break @returns the roll that it is, null for all else */
  readLine(given: string): WishRoll | null {
    this.lineCount += 1;
    if (given.length > MOST_LINE_LENGTH) return this.refuse('line-too-long');
    const start = this.lineCount === 1 && given.startsWith('\ufeff') ? 1 : 0;
    const line = given.slice(start).replace(UNSEEN, '').toWellFormed().trim();
    if (startsWith(line, ROLL)) return this.readRoll(line);
    if (line === '' || line.startsWith('//')) {
      this.notes = startsWith(line, '//notes:') ? readNotes(line.slice('//notes:'.length)) : null;
      return null;
    }
    if (startsWith(line, 'title:')) this.title ??= textOf(line.slice('title:'.length), MOST_TITLE_LENGTH);
    else if (startsWith(line, 'description:'))
      this.description ??= textOf(line.slice('description:'.length), MOST_DESCRIPTION_LENGTH);
    else this.refuse('unknown-line');
    return null;
  }

  private readRoll(line: string): WishRoll | null {
    const [, item, afterItem = ''] = ITEM.exec(line) ?? [];
    if (item === undefined) return this.refuse('bad-item');
    const number = Number(item);
    const isAny = number === ANY_ITEM;
    if (!isAny && !isHash(Math.abs(number))) return this.refuse('bad-item');
    const [, given = '', afterPerks = afterItem] = PERKS.exec(afterItem) ?? [];
    const own = NOTES.exec(afterPerks)?.[1];
    if (own === undefined && afterPerks.trim() !== '' && afterPerks.trim() !== '&')
      return this.refuse('bad-perks');
    const perks = [...new Set(given.split(',').filter((perk) => perk.trim() !== ''))].map(Number);
    if (!perks.every(isHash)) return this.refuse('bad-perks');
    if (perks.length > MOST_PERKS) return this.refuse('too-many-perks');
    return {
      itemHash: isAny ? null : Math.abs(number),
      isTrash: number < 0 && !isAny,
      perks: [...new Set(perks)],
      notes: own === undefined ? this.notes : (readNotes(own) ?? this.notes),
    };
  }

  private refuse(code: LineFaultCode): null {
    this.faultCount += 1;
    if (this.faults.length < MOST_FAULTS_TOLD) this.faults.push({ line: this.lineCount, code });
    return null;
  }
}

function startsWith(line: string, label: string): boolean {
  return line.startsWith(label) || line.slice(0, label.length).toLowerCase() === label;
}

function isHash(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= LARGEST_HASH;
}

/** A note without tags of its own leaves those of its block out: it speaks for itself. @returns null where it says nothing */
function readNotes(given: string): WishNotes | null {
  const tagged = TAGS.exec(given);
  const text = textOf(tagged === null ? given : given.slice(0, tagged.index), MOST_NOTES_LENGTH) ?? '';
  const tags = (tagged?.[1] ?? '')
    .split(',')
    .map((tag) => textOf(tag.toLowerCase(), MOST_TAG_LENGTH))
    .filter((tag) => tag !== null);
  if (text === '' && tags.length === 0) return null;
  return { text, tags: [...new Set(tags)].slice(0, MOST_TAGS) };
}

/** Cut where it is too long, never in the middle of a pair of surrogates; null where it is blank. */
function textOf(given: string, mostLength: number): string | null {
  const text = given.trim();
  const cut = text.length <= mostLength ? text : text.slice(0, mostLength).replace(/[\ud800-\udbff]$/, '');
  return cut.trim() || null;
}
