export class CompatIngestDto {
  status: 'ok';
  /** How many observations were stored; repeated prices are left out. */
  inserted: number;
  /** Their ids, in the order sent. */
  ids: number[];
  /** The game's ids of this batch whose item has no icon yet; the packet reader sends those next. */
  missing_images: number[];
}

/** Errors below this mount have the original's shape. */
export class CompatErrorDto {
  error: string;
  message?: string;
  /** What is wrong with a batch: as a whole, and by key or by index of the element. */
  details?: { formErrors: string[]; fieldErrors: Record<string, string[]> };
}
