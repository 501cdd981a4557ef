/** Why a file, or one activity of it, is not taken. Stored in reports; never changes. */
export const REFUSALS = {
  'unknown-format': 'The file is neither GPX, TCX, FIT nor a ZIP or GZIP of them.',
  empty: 'The file is empty.',
  'too-large': 'The file is larger than what is taken.',
  'too-many-points': 'The file has more points than are taken.',
  'too-many-laps': 'The file has more laps or stops than are taken.',
  'too-many-activities': 'The file has more activities than are taken at once.',
  'too-deep': 'The XML is nested deeper than any GPX or TCX file.',
  'too-long-text': 'A single piece of the XML is longer than any GPX or TCX file needs.',
  'document-type': 'The XML declares a document type or entities of its own, which are not read.',
  'not-well-formed': 'The XML is damaged.',
  'wrong-root': 'The XML is neither GPX nor TCX.',
  truncated: 'The file ends in the middle.',
  'checksum-wrong': 'The checksum of the FIT file does not match: it is damaged.',
  'not-readable': 'The file is damaged.',
  'not-an-activity': 'The file holds no activity: it is a course, a workout, a route or settings.',
  'no-track': 'The file has no track, only single places.',
  'no-times': 'The points of the file have no times; a run needs them.',
  'times-repeated': 'Nearly all points of the file share their times; a run needs one of its own at each.',
  'too-few-points': 'Fewer than two points have a time.',
  'no-distance': 'The activity has neither places nor distances.',
  'wrong-date': 'The date of the activity cannot be right.',
  'too-long': 'The activity lasts longer than a month.',
  'in-the-future': 'The activity begins in the future.',
  'encrypted-entry': 'The file is encrypted.',
  'unsafe-name': 'The name of the file within the archive leads out of it.',
  'nested-archive': 'An archive within an archive is not opened.',
  'too-many-entries': 'The archive has more files than are taken at once.',
  'archive-too-large': 'The archive unpacks to more than is taken at once.',
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** The only thing that readers throw at a file, whatever is in it. */
export class ImportRefusal extends Error {
  override readonly name = 'ImportRefusal';

  /** @param detail where it is known: a line, a name; nothing that the file says */
  constructor(
    readonly code: RefusalCode,
    detail?: string,
  ) {
    super(detail === undefined ? REFUSALS[code] : `${REFUSALS[code]} (${detail})`);
  }
}
