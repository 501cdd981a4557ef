import type { Provider, Type } from '@nestjs/common';
import { NotesController } from '../notes/notes.controller.js';
import { NotesService } from '../notes/notes.service.js';
import { ObjectSecrets } from '../secrets/object-secrets.service.js';
import { SecretsRepository } from '../secrets/secrets.repository.js';
import { CampaignChanges } from './campaign-changes.service.js';
import { CampaignObjectsController } from './campaign-objects.controller.js';
import { CampaignObjects } from './campaign-objects.service.js';
import { ChangesRepository } from './changes.repository.js';
import { ObjectDesk } from './object-desk.service.js';
import { ObjectReader } from './object-reader.service.js';
import { ObjectViews } from './object-views.service.js';
import { ObjectsController } from './objects.controller.js';
import { ObjectsRepository } from './objects.repository.js';
import { ObjectsService } from './objects.service.js';
import { LogPart, ObjectsPart } from './objects.part.js';

export const OBJECT_CONTROLLERS: Type[] = [ObjectsController, CampaignObjectsController, NotesController];

export const OBJECT_PROVIDERS: Provider[] = [
  ObjectsRepository,
  ObjectReader,
  ChangesRepository,
  CampaignChanges,
  CampaignObjects,
  ObjectDesk,
  ObjectsService,
  SecretsRepository,
  ObjectSecrets,
  ObjectViews,
  NotesService,
  LogPart,
  ObjectsPart,
];
