import type { Provider, Type } from '@nestjs/common';
import { BattleMapsController } from './battle-maps.controller.js';
import { BattleMapsRepository } from './battle-maps.repository.js';
import { BattleMaps } from './battle-maps.service.js';
import { FoundryScenes } from './foundry-scenes.service.js';
import { MapMarkersController } from './map-markers.controller.js';
import { MapMarkersRepository } from './map-markers.repository.js';
import { MapMarkers } from './map-markers.service.js';
import { UvttImports } from './uvtt-imports.service.js';
import { BattleMapsPart, MapMarkersPart, MapPlansPart } from './maps.part.js';

export const MAPS_CONTROLLERS: Type[] = [MapMarkersController, BattleMapsController];

export const MAPS_PROVIDERS: Provider[] = [
  BattleMapsRepository,
  MapMarkersRepository,
  BattleMaps,
  MapMarkers,
  FoundryScenes,
  UvttImports,
  BattleMapsPart,
  MapMarkersPart,
  MapPlansPart,
];
