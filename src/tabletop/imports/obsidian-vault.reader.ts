import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import type { ObjectKind } from '../objects/object-kinds.js';
import { ImportRefusal } from './import-refusal.js';
import { assertWithin, readText } from './json-file.js';
import { MappingNotes } from './mapping-report.js';
import { type ImportedObject, kindOfWord, readObjectDraft } from './object-draft.js';
import type { ReadObjects } from './object-list.reader.js';
import { parseNote } from './obsidian-note.reader.js';
import { escaped, type MappingReport } from './mapping-report.js';
import { Place } from './value-reader.js';

// A folder of Obsidian as a ZIP. The directory is judged whole before anything is unpacked: how many files there are and what they say they
// unpack to; yauzl ends a stream that gives more than its entry said. Names are shown and compared, never used as paths.

export const VAULT_LIMITS = {
  archiveBytes: 32 * 1_048_576,
  files: 5_000,
  bytes: 64 * 1_048_576,
  noteBytes: 1_048_576,
};
/** A note that unpacks to so many times what it takes is no text of anybody's. */
const MOST_RATIO = 200;
const LITTER = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\.obsidian\/|\.trash\/|\.git\/)/;

interface VaultFile {
  readonly path: string;
  readonly text: string;
}

/** @param kind of notes that do not say and whose folder does not either @throws ImportRefusal */
export async function readObsidianVault(bytes: Buffer, kind: ObjectKind): Promise<ReadObjects> {
  const notes = new MappingNotes();
  const files = await notesOf(bytes, notes);
  if (files.length === 0) throw new ImportRefusal('no-notes');
  const objects = files.flatMap((file) => {
    const draft = toDraft(file, notes, kind);
    return draft === null ? [] : [draft];
  });
  return { objects, report: vaultReport(notes) };
}

const vaultReport = (notes: MappingNotes): MappingReport => notes.report('obsidian');

function toDraft({ path, text }: VaultFile, notes: MappingNotes, kind: ObjectKind): ImportedObject | null {
  const at = `/${escaped(path)}`;
  const { properties, isDamaged, body, links } = parseNote(text);
  if (isDamaged) notes.note(at, 'has properties that are no YAML; its text alone is taken');
  const parts = path.replace(/\.md$/i, '').split('/');
  const folder = parts.length > 1 ? parts.at(-2)! : '';
  const name = parts.at(-1)!.slice(0, 200).toWellFormed().trim();
  notes.map(at, 'body');
  const defaults = { name, kind: kindOfWord(folder) ?? kind, body: '', sourceKey: path.toLowerCase() };
  const place = new Place(isBounded(properties) ? properties : {}, at, notes);
  const draft = readObjectDraft(place, notes, defaults);
  if (draft === null) return null;
  return {
    ...draft,
    sourceKey: path.toLowerCase(),
    body: draft.body === '' ? bounded(body, at, notes) : draft.body,
    links,
  };
}

const MOST_BODY = 200_000;

function bounded(body: string, at: string, notes: MappingNotes): string {
  if (body.length > MOST_BODY)
    notes.note(at, `is longer than ${MOST_BODY} characters; the beginning is taken`);
  return body.slice(0, MOST_BODY).replaceAll('\0', '').toWellFormed();
}

function isBounded(properties: unknown): boolean {
  try {
    assertWithin(properties, { depth: 10, values: 5_000 });
    return true;
  } catch {
    return false;
  }
}

async function notesOf(bytes: Buffer, notes: MappingNotes): Promise<VaultFile[]> {
  if (bytes.length > VAULT_LIMITS.archiveBytes)
    throw new ImportRefusal('too-large', `at most ${VAULT_LIMITS.archiveBytes} bytes`);
  const archive = await open(bytes);
  try {
    if (archive.entryCount > VAULT_LIMITS.files)
      throw new ImportRefusal('too-many-files', `at most ${VAULT_LIMITS.files}`);
    const entries = await directoryOf(archive);
    const files: VaultFile[] = [];
    for (const { entry, path } of entries) {
      const at = `/${escaped(path)}`;
      const fault = faultOf(entry, path);
      if (fault !== null) notes.ignore(at, fault);
      else files.push(...(await fileOf(archive, entry, path, notes)));
    }
    return files;
  } finally {
    archive.close();
  }
}

async function open(bytes: Buffer): Promise<yauzl.ZipFile> {
  try {
    const options = { lazyEntries: true, decodeStrings: false, autoClose: false };
    return await promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer)(bytes, options);
  } catch {
    throw new ImportRefusal('not-an-archive');
  }
}

async function directoryOf(archive: yauzl.ZipFile): Promise<{ entry: yauzl.Entry; path: string }[]> {
  const entries: { entry: yauzl.Entry; path: string }[] = [];
  let unpacked = 0;
  try {
    for await (const entry of archive.eachEntry()) {
      unpacked += entry.uncompressedSize;
      if (unpacked > VAULT_LIMITS.bytes)
        throw new ImportRefusal('archive-too-large', `at most ${VAULT_LIMITS.bytes} bytes`);
      const name = yauzl.getFileNameLowLevel(
        entry.generalPurposeBitFlag,
        entry.fileNameRaw,
        entry.extraFields,
        true,
      );
      const path = name.replaceAll(/\p{Cc}/gu, '\ufffd').toWellFormed();
      if (!path.endsWith('/') && !LITTER.test(path)) entries.push({ entry, path });
    }
  } catch (error) {
    throw error instanceof ImportRefusal ? error : new ImportRefusal('not-an-archive');
  }
  return entries;
}

/** Why a file is not looked at; null = it is. */
function faultOf(entry: yauzl.Entry, path: string): string | null {
  if (/^(?:[/\\]|[a-z]:)/i.test(path) || path.split(/[/\\]/).includes('..'))
    return 'has a name that leads out of the archive';
  if (!/\.md$/i.test(path)) return 'is no Markdown';
  if (entry.isEncrypted()) return 'is encrypted';
  if (entry.uncompressedSize > VAULT_LIMITS.noteBytes)
    return `is larger than ${VAULT_LIMITS.noteBytes} bytes`;
  if (entry.uncompressedSize > 65_536 && entry.uncompressedSize > MOST_RATIO * entry.compressedSize)
    return 'is packed tighter than any text';
  return entry.canDecodeFileData() ? null : 'is packed in a way that is not known';
}

async function fileOf(
  archive: yauzl.ZipFile,
  entry: yauzl.Entry,
  path: string,
  notes: MappingNotes,
): Promise<VaultFile[]> {
  try {
    const content = await buffer(await archive.openReadStreamPromise(entry));
    return [{ path, text: readText(content, VAULT_LIMITS.noteBytes) }];
  } catch (error) {
    const isEmpty = error instanceof ImportRefusal && error.code === 'empty';
    notes.ignore(`/${escaped(path)}`, isEmpty ? 'is empty' : 'is damaged, or no text');
    return [];
  }
}
