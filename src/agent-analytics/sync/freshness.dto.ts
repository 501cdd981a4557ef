/** How fresh an answer is. */
export class FreshnessDto {
  /** When Langfuse was last read to the end; null = never. */
  asOf: string | null;
  /** Up to here everything has been read; null = nothing has. */
  completeThrough: string | null;
}
