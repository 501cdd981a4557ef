import type { Provider, Type } from '@nestjs/common';
import { ReferenceController } from './reference.controller.js';
import { ReferenceService } from './reference.service.js';

export const REFERENCE_CONTROLLERS: Type[] = [ReferenceController];
export const REFERENCE_PROVIDERS: Provider[] = [ReferenceService];
