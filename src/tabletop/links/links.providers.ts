import type { Provider } from '@nestjs/common';
import { CampaignLinks } from './campaign-links.service.js';
import { LinksRepository } from './links.repository.js';
import { LinksPart } from './links.part.js';

export const LINKS_PROVIDERS: Provider[] = [LinksRepository, CampaignLinks, LinksPart];
