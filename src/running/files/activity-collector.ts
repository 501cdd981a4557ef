import { ActivityDraft } from './activity-draft.js';
import { ImportRefusal } from './import-refusal.js';
import type { ParsedActivity } from './parsed-activity.js';
import type { NewPoint } from './point-columns.js';
import type { ReadLimits } from './read-limits.js';

/** What was found in a file. */
export interface FileReading {
  readonly format: 'gpx' | 'tcx' | 'fit';
  /** At least one, in the file's order. */
  readonly activities: readonly ParsedActivity[];
  /** Activities of the file that are none. */
  readonly refused: readonly RefusedActivity[];
}

export interface RefusedActivity {
  readonly name: string | null;
  readonly refusal: ImportRefusal;
}

/** Takes activities as a reader comes to them. One that cannot be taken does not cost the others of the file. */
export class ActivityCollector {
  private readonly activities: ParsedActivity[] = [];
  private readonly refused: RefusedActivity[] = [];
  private open: ActivityDraft | null = null;
  private count = 0;
  private pointCount = 0;

  constructor(private readonly limits: ReadLimits) {}

  begin(): ActivityDraft {
    this.end();
    this.count += 1;
    if (this.count > this.limits.activities) throw new ImportRefusal('too-many-activities');
    this.open = new ActivityDraft();
    return this.open;
  }

  add(draft: ActivityDraft, point: NewPoint): void {
    this.pointCount += 1;
    if (this.pointCount > this.limits.points) throw new ImportRefusal('too-many-points');
    draft.add(point);
  }

  end(): void {
    const draft = this.open;
    this.open = null;
    if (!draft) return;
    try {
      this.activities.push(draft.finish());
    } catch (error) {
      if (!(error instanceof ImportRefusal)) throw error;
      this.refused.push({ name: draft.name.trim() || null, refusal: error });
    }
  }

  /** @param otherwise what a file without any activity is @throws ImportRefusal where none can be taken: the reason of the first one with points */
  finish(format: FileReading['format'], otherwise: ImportRefusal): FileReading {
    this.end();
    const { activities } = this;
    const refused = this.refused.filter(({ refusal }) => refusal.code !== 'no-track');
    if (activities.length === 0) throw refused[0]?.refusal ?? otherwise;
    return { format, activities, refused };
  }
}
