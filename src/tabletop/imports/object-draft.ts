import { OBJECT_KINDS, type ObjectKind } from '../objects/object-kinds.js';
import { MappingNotes } from './mapping-report.js';
import { MOST_NAME, MOST_TEXT, Place } from './value-reader.js';

// A thing of a campaign as a list, a note or a file of ours says it, whatever it calls its fields. Fields that objects do not have are kept
// beside what is special to the kind.

export interface ImportedObject {
  /** By which a second import of the file knows it again: its place in an archive, its own id, or its name. */
  readonly sourceKey: string;
  readonly kind: ObjectKind;
  readonly name: string;
  readonly summary: string;
  readonly body: string;
  readonly tags: readonly string[];
  readonly aliases: readonly string[];
  /** What the file says beside that, by its own names; text, numbers, and lists of such. */
  readonly extra: Readonly<Record<string, Plain>>;
  /** Names of others that its text links to. */
  readonly links: readonly string[];
}

export type Plain = string | number | boolean | readonly (string | number | boolean)[];

const MOST_SUMMARY = 2_000;
const MOST_TAGS = 50;
const MOST_TAG = 60;
const MOST_EXTRA = 60;
const MOST_EXTRA_TEXT = 4_000;
const MOST_LIST = 100;
const MOST_KEY = 60;

const NAMES = ['name', 'title'];
const KINDS = ['kind', 'type', 'category'];
const SUMMARIES = ['summary', 'description', 'excerpt'];
const BODIES = ['body', 'text', 'notes', 'content'];
const TAGS = ['tags', 'tag'];
const ALIASES = ['aliases', 'alias'];
const IDS = ['id', 'key'];

/** Words of other programs for what we call otherwise. */
const KIND_WORDS: Readonly<Record<string, ObjectKind>> = {
  npc: 'character',
  pc: 'character',
  person: 'character',
  people: 'character',
  creature: 'character',
  monster: 'character',
  place: 'location',
  city: 'location',
  town: 'location',
  region: 'location',
  building: 'location',
  quest: 'plot',
  thread: 'plot',
  faction: 'note',
  organization: 'note',
  organisation: 'note',
  lore: 'note',
  object: 'item',
  artifact: 'item',
  equipment: 'item',
  journal: 'session',
  log: 'session',
};

export function kindOfWord(word: string): ObjectKind | undefined {
  const plain = word.trim().toLowerCase();
  const single = plain.endsWith('s') ? plain.slice(0, -1) : plain;
  const known = OBJECT_KINDS.find((kind) => kind === plain || kind === single);
  if (known !== undefined) return known;
  const words = [plain, single].find((one) => Object.hasOwn(KIND_WORDS, one));
  return words === undefined ? undefined : KIND_WORDS[words];
}

export interface DraftDefaults {
  readonly name: string;
  readonly kind: ObjectKind;
  readonly body: string;
  readonly sourceKey: string;
}

/**
 * @param fields an object of the file, at its place there @param defaults where it does not say
 * @returns null where it has no name, which is told in the notes
 */
export function readObjectDraft(
  fields: Place,
  notes: MappingNotes,
  defaults: DraftDefaults,
): ImportedObject | null {
  const byName = new Map(fields.fields().map(([key, place]) => [key.trim().toLowerCase(), place]));
  const used = new Set<string>();
  const first = (keys: readonly string[]): Place | undefined => {
    const key = keys.find((one) => byName.get(one)?.isThere);
    if (key === undefined) return undefined;
    used.add(key);
    return byName.get(key);
  };
  const name = first(NAMES)?.line('name', MOST_NAME) || defaults.name;
  if (name === '') {
    notes.note(fields.pointer === '' ? '/' : fields.pointer, 'has no name; left out');
    return null;
  }
  const id = first(IDS)?.line('source id', MOST_NAME) ?? '';
  return {
    sourceKey: id === '' ? defaults.sourceKey || name.toLowerCase() : id,
    kind: kindFrom(first(KINDS)) ?? defaults.kind,
    name,
    summary: first(SUMMARIES)?.text('summary', MOST_SUMMARY) ?? '',
    body: defaults.body === '' ? (first(BODIES)?.text('body', MOST_TEXT) ?? '') : defaults.body,
    tags: wordsFrom(first(TAGS), 'tags', MOST_TAG),
    aliases: wordsFrom(first(ALIASES), 'aliases', MOST_NAME),
    extra: extraOf(byName, used),
    links: [],
  };
}

function kindFrom(place: Place | undefined): ObjectKind | undefined {
  if (place === undefined) return undefined;
  const word = place.line('kind', MOST_NAME);
  const kind = kindOfWord(word);
  if (kind === undefined && word !== '') place.odd('is no kind of object that there is here; made a note');
  return kind;
}

/** A list, or words between commas or semicolons. */
function wordsFrom(place: Place | undefined, to: string, most: number): string[] {
  if (place === undefined) return [];
  const texts = Array.isArray(place.value)
    ? place.items(MOST_TAGS).map((one) => one.line(to, most))
    : place.line(to, MOST_EXTRA_TEXT).split(/[,;]/);
  const words = texts
    .map((text) => text.replace(/^#/, '').trim().slice(0, most).toWellFormed())
    .filter((text) => text !== '');
  return [...new Set(words)].slice(0, MOST_TAGS);
}

function extraOf(byName: ReadonlyMap<string, Place>, used: ReadonlySet<string>): Record<string, Plain> {
  const extra: [string, Plain][] = [];
  for (const [key, place] of byName) {
    if (used.has(key) || !place.isThere || key === '' || place.value === '') continue;
    const shown = key.slice(0, MOST_KEY).replaceAll(/[\0\p{Surrogate}]/gu, '\ufffd');
    if (extra.length >= MOST_EXTRA) place.ignore(`is one of more than ${MOST_EXTRA} fields`);
    else {
      const value = plainOf(place, `details.imported.${shown}`);
      if (value !== null) extra.push([shown, value]);
    }
  }
  return Object.fromEntries(extra);
}

function plainOf(place: Place, to: string): Plain | null {
  const { value } = place;
  if (typeof value === 'boolean') return place.mapped(to, value);
  if (typeof value === 'number') return Number.isFinite(value) ? place.mapped(to, value) : null;
  if (typeof value === 'string') return place.text(to, MOST_EXTRA_TEXT) || null;
  if (value instanceof Date)
    return place.mapped(to, Number.isNaN(value.getTime()) ? '' : value.toISOString());
  if (Array.isArray(value)) {
    const parts = place
      .items(MOST_LIST)
      .map((one) => plainOf(one, to))
      .filter((one) => one !== null && typeof one !== 'object');
    return parts;
  }
  place.ignore('is an object within an object, which is not taken over');
  return null;
}
