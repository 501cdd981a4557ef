import { parseDocument, stringify } from 'yaml';
import { isRecord } from './value-reader.js';

// A note of Obsidian: Markdown, before it perhaps properties in YAML between lines of three dashes. Links are [[Name]], [[Name|shown]] and
// [[Name#Part]]; a note is called like its file.

export interface ObsidianNote {
  readonly properties: Readonly<Record<string, unknown>>;
  /** The properties were there and could not be read. */
  readonly isDamaged: boolean;
  readonly body: string;
  /** Names that the text links to, each once. */
  readonly links: readonly string[];
}

const FRONT = /^\uFEFF?---[ \t]*\r?\n(?:([^]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/;
const LINK = /!?\[\[([^[\]\n|#^]{1,200})(?:[#^][^[\]\n|]{0,200})?(?:\|[^[\]\n]{0,200})?\]\]/g;
const MOST_FRONT = 65_536;
const MOST_LINKS = 500;

export function parseNote(text: string): ObsidianNote {
  const match = FRONT.exec(text.slice(0, MOST_FRONT + 10));
  const body = (match === null ? text.replace(/^\uFEFF/, '') : text.slice(match[0].length))
    .replaceAll('\r\n', '\n')
    .trim();
  const properties = match === null ? {} : propertiesOf(match[1] ?? '');
  return { properties: properties ?? {}, isDamaged: properties === undefined, body, links: linksOf(body) };
}

/** Aliases of YAML are counted, so that a few lines cannot unfold into millions. */
function propertiesOf(yaml: string): Record<string, unknown> | undefined {
  try {
    const document = parseDocument(yaml, {
      schema: 'core',
      uniqueKeys: false,
      logLevel: 'silent',
      prettyErrors: false,
    });
    if (document.errors.length > 0) return undefined;
    const value: unknown = document.toJS({ maxAliasCount: 50 });
    if (value === null || value === undefined) return {};
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function linksOf(body: string): string[] {
  const names = [...body.matchAll(LINK)].map(([, name]) => name!.trim().replace(/\.md$/i, ''));
  const last = names.map((name) => name.split('/').at(-1)!.trim());
  return [...new Set(last.filter((name) => name !== ''))].slice(0, MOST_LINKS);
}

/** @param properties those without a value are left out */
export function writeNote(properties: Readonly<Record<string, unknown>>, body: string): string {
  const given = Object.entries(properties).filter(
    ([, value]) =>
      value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  const front =
    given.length === 0 ? '' : `---\n${stringify(Object.fromEntries(given), { lineWidth: 0 })}---\n\n`;
  return `${front}${body.trim()}\n`;
}

/** A name of a file on every system, and of a link: none of the signs that either does not take. */
export function noteName(name: string): string {
  const plain = name
    .replaceAll(/[\\/:*?"<>|#^[\]]/g, '-')
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[. ]+/, '')
    .replace(/[. ]+$/, '');
  const short = plain.slice(0, 100).toWellFormed().trim();
  return short === '' || /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(short) ? `Note ${short}`.trim() : short;
}
