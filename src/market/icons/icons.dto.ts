export class IconDto {
  /** Where the item's icon is, within this server; of this or of an earlier upload. */
  url: string;
}
