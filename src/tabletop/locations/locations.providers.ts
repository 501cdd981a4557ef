import type { Provider, Type } from '@nestjs/common';
import { CampaignLocationsController } from './campaign-locations.controller.js';
import { LocationEdgesController } from './location-edges.controller.js';
import { LocationEdges } from './location-edges.service.js';
import { LocationEnvironments } from './location-environments.service.js';
import { LocationPicturesController } from './location-pictures.controller.js';
import { LocationPictures } from './location-pictures.service.js';
import { LocationTiesController } from './location-ties.controller.js';
import { LocationTies } from './location-ties.service.js';
import { LocationsController } from './locations.controller.js';
import { LocationsRepository } from './locations.repository.js';
import { LocationsService } from './locations.service.js';
import { TravelPaths } from './travel-paths.service.js';

export const LOCATIONS_CONTROLLERS: Type[] = [
  CampaignLocationsController,
  LocationPicturesController,
  LocationTiesController,
  LocationEdgesController,
  LocationsController,
];

export const LOCATIONS_PROVIDERS: Provider[] = [
  LocationsRepository,
  LocationsService,
  LocationEnvironments,
  LocationEdges,
  LocationTies,
  LocationPictures,
  TravelPaths,
];
