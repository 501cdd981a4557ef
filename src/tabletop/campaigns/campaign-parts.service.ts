import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { StartupError } from '../../platform/config/startup-error.js';
import type { CampaignPart } from './campaign-part.js';
import { OFFERS_PART_METADATA, type PartOfCampaign } from './offers-part.decorator.js';

/** What rooms put into a campaign that is taken along. Two parts of one name fail the boot. */
@Injectable()
export class CampaignParts implements OnModuleInit {
  private readonly parts = new Map<string, CampaignPart>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const { metatype, instance } of this.discovery.getProviders()) {
      if (typeof metatype !== 'function' || !instance) continue;
      const offer = Reflect.getMetadata(OFFERS_PART_METADATA, metatype) as PartOfCampaign | undefined;
      if (offer === undefined) continue;
      if (this.parts.has(offer.name))
        throw new StartupError(`There are two parts of campaigns called ${offer.name}.`);
      this.parts.set(offer.name, instance as CampaignPart);
    }
  }

  /** In the order of the alphabet. */
  list(): { name: string; part: CampaignPart }[] {
    return [...this.parts].map(([name, part]) => ({ name, part })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
