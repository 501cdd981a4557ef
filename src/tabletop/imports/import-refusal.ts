/** Why a file is not taken at all. Stored in reports; never changes. */
export const IMPORT_REFUSALS = {
  empty: 'The file is empty.',
  'too-large': 'The file is larger than what is taken.',
  'not-json': 'The file is not JSON.',
  'not-text': 'The file is not text in UTF-8.',
  'too-deep': 'The file is nested deeper than any sheet.',
  'too-many-values': 'The file has more values than are taken.',
  'not-a-sheet': 'The file is JSON, but not of the kind that was said.',
  'private-sheet':
    'The sheet is private: D&D Beyond did not give it out. Make it public, or export it yourself.',
  'other-system': 'The sheet is of another game system.',
  'not-a-list': 'The file holds no list of things with names.',
  'not-csv': 'The file is not readable as CSV.',
  'too-many-rows': 'The file has more rows than are taken at once.',
  'not-an-archive': 'The file is not a ZIP archive, or a damaged one.',
  'too-many-files': 'The archive has more files than are taken at once.',
  'archive-too-large': 'The archive unpacks to more than is taken at once.',
  'no-notes': 'The archive holds no Markdown files.',
} as const;

export type ImportRefusalCode = keyof typeof IMPORT_REFUSALS;

/** The only thing that readers throw at a file, whatever is in it. */
export class ImportRefusal extends Error {
  override readonly name = 'ImportRefusal';

  /** @param detail where it is known: a line, a limit; nothing that the file says */
  constructor(
    readonly code: ImportRefusalCode,
    detail?: string,
  ) {
    super(detail === undefined ? IMPORT_REFUSALS[code] : `${IMPORT_REFUSALS[code]} (${detail})`);
  }
}
