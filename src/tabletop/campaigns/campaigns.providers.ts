import type { Provider, Type } from '@nestjs/common';
import { GrantsRepository } from '../members/grants.repository.js';
import { GrantsService } from '../members/grants.service.js';
import { InvitesController } from '../members/invites.controller.js';
import { InvitesRepository } from '../members/invites.repository.js';
import { InvitesService } from '../members/invites.service.js';
import { MembersController } from '../members/members.controller.js';
import { MembersRepository } from '../members/members.repository.js';
import { MembersService } from '../members/members.service.js';
import { CampaignAccess } from './campaign-access.service.js';
import { CampaignErasureRepository } from './campaign-erasure.repository.js';
import { CampaignExport } from './campaign-export.service.js';
import { CampaignsController } from './campaigns.controller.js';
import { CampaignsRepository } from './campaigns.repository.js';
import { CampaignsService } from './campaigns.service.js';
import { SweepCampaignsHandler } from './sweep-campaigns.handler.js';
import { CampaignParts } from './campaign-parts.service.js';
import { GrantsPart } from '../members/grants.part.js';

export const CAMPAIGN_CONTROLLERS: Type[] = [CampaignsController, MembersController, InvitesController];

export const CAMPAIGN_PROVIDERS: Provider[] = [
  CampaignsRepository,
  CampaignAccess,
  CampaignsService,
  CampaignExport,
  CampaignErasureRepository,
  SweepCampaignsHandler,
  MembersRepository,
  MembersService,
  InvitesRepository,
  InvitesService,
  GrantsRepository,
  GrantsService,
  CampaignParts,
  GrantsPart,
];
