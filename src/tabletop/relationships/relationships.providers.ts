import type { Provider, Type } from '@nestjs/common';
import { LinkEventsRepository } from './link-events.repository.js';
import { RelationPictures } from './relation-pictures.service.js';
import { RelationsGraphController } from './relations-graph.controller.js';
import { RelationsGraphRepository } from './relations-graph.repository.js';
import { RelationsGraph } from './relations-graph.service.js';
import { RelationshipsController } from './relationships.controller.js';
import { Relationships } from './relationships.service.js';
import { LinkEventsPart } from './link-events.part.js';

export const RELATIONSHIPS_CONTROLLERS: Type[] = [RelationsGraphController, RelationshipsController];

export const RELATIONSHIPS_PROVIDERS: Provider[] = [
  LinkEventsRepository,
  Relationships,
  RelationsGraphRepository,
  RelationsGraph,
  RelationPictures,
  LinkEventsPart,
];
