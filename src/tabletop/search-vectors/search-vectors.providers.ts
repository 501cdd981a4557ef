import type { Provider } from '@nestjs/common';
import { EmbedObjectsHandler } from './embed-objects.handler.js';
import { NearestObjects } from './nearest-objects.service.js';
import { ObjectVectorsRepository } from './object-vectors.repository.js';
import { PgVector } from './pgvector.service.js';

export const SEARCH_VECTORS_PROVIDERS: Provider[] = [
  ObjectVectorsRepository,
  PgVector,
  NearestObjects,
  EmbedObjectsHandler,
];
