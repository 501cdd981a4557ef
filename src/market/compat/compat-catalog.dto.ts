export class CompatUsageStatsDto {
  /** Recipes that make the item. */
  recipes_created: number;
  /** Recipes that need it. */
  recipes_used_in: number;
  lists: number;
  favorites: number;
  /** On all servers. */
  observations: number;
}

export class CompatKnownItemDto {
  /** The game's own id. */
  gid: number;
  name: string;
  /** Absent without one. */
  category?: string;
  has_image: boolean;
}

export class CompatConsumableStatsDto {
  /** Points of life that it gives back. */
  life: number;
  /** Points of energy that it gives back. */
  energy: number;
}

export class CompatConsumableDto {
  id: number;
  name: string;
  img: string | null;
  /** 1 where it is not known. */
  level: number;
  stats: CompatConsumableStatsDto;
  /** Newest price of one unit, kamas; above 0. */
  price: number;
}

export class CompatSeenConsumableDto extends CompatConsumableDto {
  /** When that price was seen, ISO-8601 with `+00:00`. */
  captured_at: string;
}

export class CompatConsumablesDto {
  items: CompatSeenConsumableDto[];
  /** Of the prices above; null without any. */
  oldestObservation: string | null;
}

export class CompatItemEffectDto {
  id: number;
  item_id: number;
  /** The game's own id: 110 gives back life, 139 energy. */
  effect_id: number;
  min_value: number;
  max_value: number | null;
  formatted_description: string | null;
  order_index: number;
  /** ISO-8601 with `+00:00`. */
  created_at: string;
  icon_url: string | null;
}

export class CompatSuccessDto {
  success: boolean;
}

export class CompatItemChangedDto {
  status: 'ok';
  old_item_name: string;
  new_item_name: string;
  server: string;
  /** As it was sent. */
  category?: string | undefined;
}
