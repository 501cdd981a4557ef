import type { Provider, Type } from '@nestjs/common';
import { AcceptGeneration } from './accept-generation.service.js';
import { DraftSeals } from './draft-seals.service.js';
import { DraftWriter } from './draft-writer.service.js';
import { FillGenerationHandler } from './fill-generation.handler.js';
import { GenerationMaker } from './generation-maker.service.js';
import { GenerationRecords } from './generation-records.service.js';
import { GenerationsController } from './generations.controller.js';
import { GenerationsRepository } from './generations.repository.js';
import { GenerationsService } from './generations.service.js';
import { GenerationsPart } from './generations.part.js';

export const GENERATOR_CONTROLLERS: Type[] = [GenerationsController];

export const GENERATOR_PROVIDERS: Provider[] = [
  GenerationsRepository,
  DraftSeals,
  DraftWriter,
  GenerationRecords,
  GenerationMaker,
  GenerationsService,
  AcceptGeneration,
  FillGenerationHandler,
  GenerationsPart,
];
