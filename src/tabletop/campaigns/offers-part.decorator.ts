import { SetMetadata } from '@nestjs/common';

export interface PartOfCampaign {
  /** Its key in the file. */
  readonly name: string;
  /** Of the schema, whose rows are in it. */
  readonly tables: readonly string[];
}

export const OFFERS_PART_METADATA = 'guildhall:offers-campaign-part';

export const OffersPart = (name: string, ...tables: string[]): ClassDecorator =>
  SetMetadata(OFFERS_PART_METADATA, { name, tables } satisfies PartOfCampaign);
