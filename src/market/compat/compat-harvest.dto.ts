export class CompatHarvestJobDto {
  /** The game's own id, as all ids here. */
  id: number;
  name_fr: string;
  name_en: string | null;
  icon_id: number | null;
}

export class CompatHarvestResourceDto {
  id: number;
  job_id: number;
  /** `Resource <id>` while no source knows its name. */
  name_fr: string;
  name_en: string | null;
  level_min: number;
  icon_url: string | null;
}

export class CompatSubareaDto {
  id: number;
  /** `Subarea <id>`: no source knows their names. */
  name_fr: string;
  name_en: string | null;
  area_id: number;
}

export class CompatSubareaOfResourceDto {
  resource_id: number;
  subarea_id: number;
  /** Places of the subarea: one stand is expected at each. */
  count: number;
  subareas: CompatSubareaDto;
}

export class CompatMapDto {
  map_id: number;
  pos_x: number;
  pos_y: number;
  subarea_id: number;
}

export class CompatBoundsDto {
  minX: number;
  maxX: number;
  minY: number;
  maxY: number;
}

export class CompatMapsGridDto {
  bounds: CompatBoundsDto;
  total: number;
  /** One for each place. */
  maps: CompatMapDto[];
}

export class CompatStepResourceDto {
  id: number;
  name: string;
  icon_url: string | null;
  /** Stands that are expected: one. */
  count: number;
}

export class CompatStepDto {
  /** From 1. */
  order: number;
  map_id: number;
  pos_x: number;
  pos_y: number;
  subarea_id: number;
  subarea_name: string;
  resources: CompatStepResourceDto[];
  distance_from_prev: number;
}

export class CompatRouteDto {
  route: CompatStepDto[];
  total_distance: number;
  /** The same. */
  total_moves: number;
  total_maps: number;
  available_maps: number;
  move_budget: number;
}

export class CompatOwnRouteDto {
  id: string;
  name: string;
  description: string | null;
  target_job_ids: number[];
  target_resource_ids: number[];
  route_data: Record<string, unknown>[];
  is_public: boolean;
  /** ISO-8601 with `+00:00`. */
  created_at: string;
  updated_at: string;
}

export class CompatPublicRouteDto {
  id: string;
  name: string;
  description: string | null;
  target_job_ids: number[];
  target_resource_ids: number[];
  route_data: Record<string, unknown>[];
  created_at: string;
  user_id: string;
}

export class CompatKeptRouteDto extends CompatOwnRouteDto {
  user_id: string;
}
