export class CompatIconDto {
  success: boolean;
  /** Where the item's icon is, of this or of an earlier upload. */
  url: string;
}
