// What became of each part of a file: an import never fails for one odd field, it says what it made of it. Places are JSON pointers (RFC
// 6901) into the file, or `row 12/name` of a table; nothing that the file says is in a report but names of its own fields.

export const IMPORT_SOURCES = ['dndbeyond', 'foundry', 'csv', 'json', 'obsidian'] as const;
export type ImportSource = (typeof IMPORT_SOURCES)[number];

export interface MappedField {
  readonly from: string;
  /** Where it went: a field of the object or of its sheet. */
  readonly to: string;
}

export interface NotedField {
  readonly at: string;
  readonly reason: string;
}

/** Of each list the first {@link MOST_NOTED}; the counts are of all. */
export interface MappingReport {
  readonly source: ImportSource;
  readonly mapped: readonly MappedField[];
  /** Not understood, but kept with the original, so that a round trip loses nothing. */
  readonly kept: readonly string[];
  /** Left out on purpose. */
  readonly ignored: readonly NotedField[];
  /** Understood, but not as it stands: what was taken instead stands in the reason. */
  readonly odd: readonly NotedField[];
  readonly counts: {
    readonly mapped: number;
    readonly kept: number;
    readonly ignored: number;
    readonly odd: number;
  };
}

const MOST_NOTED = 500;
const LONGEST_POINTER = 200;

export class MappingNotes {
  private readonly mapped: MappedField[] = [];
  private readonly kept: string[] = [];
  private readonly ignored: NotedField[] = [];
  private readonly odd: NotedField[] = [];
  private readonly counts = { mapped: 0, kept: 0, ignored: 0, odd: 0 };
  /** Pointers of everything that was looked at. */
  private readonly seen = new Set<string>();

  map(from: string, to: string): void {
    this.seen.add(from);
    this.counts.mapped += 1;
    if (this.mapped.length < MOST_NOTED) this.mapped.push({ from: shown(from), to: shown(to) });
  }

  keep(at: string): void {
    this.counts.kept += 1;
    if (this.kept.length < MOST_NOTED) this.kept.push(shown(at));
  }

  ignore(at: string, reason: string): void {
    this.seen.add(at);
    this.counts.ignored += 1;
    if (this.ignored.length < MOST_NOTED) this.ignored.push({ at: shown(at), reason });
  }

  note(at: string, reason: string): void {
    this.seen.add(at);
    this.counts.odd += 1;
    if (this.odd.length < MOST_NOTED) this.odd.push({ at: shown(at), reason });
  }

  /** Everything of a file that nobody has looked at is kept: named by the highest place of which that is true, at most four levels down. */
  keepTheRest(root: unknown, mostDepth = 4): void {
    const looked = new Set<string>();
    for (const pointer of this.seen)
      for (let end = pointer.length; end > 0; end = pointer.lastIndexOf('/', end - 1))
        looked.add(pointer.slice(0, end));
    const walk = (value: unknown, at: string, depth: number): void => {
      if (typeof value !== 'object' || value === null || this.seen.has(at) || depth >= mostDepth) return;
      for (const [key, inner] of Object.entries(value)) {
        const inside = `${at}/${escaped(key)}`;
        if (looked.has(inside)) walk(inner, inside, depth + 1);
        else if (isSomething(inner)) this.keep(inside);
      }
    };
    walk(root, '', 0);
  }

  report(source: ImportSource): MappingReport {
    return {
      source,
      mapped: [...this.mapped],
      kept: [...this.kept],
      ignored: [...this.ignored],
      odd: [...this.odd],
      counts: { ...this.counts },
    };
  }
}

/** A key as a part of a JSON pointer. */
export function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** What is empty in the file is not worth a line. */
function isSomething(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === false || value === 0) return false;
  if (typeof value !== 'object') return true;
  return Object.keys(value).length > 0;
}

function shown(pointer: string): string {
  const text = pointer.replaceAll(/\p{Cc}/gu, '\ufffd').toWellFormed();
  return text.length <= LONGEST_POINTER ? text : `${text.slice(0, LONGEST_POINTER - 1).toWellFormed()}…`;
}
