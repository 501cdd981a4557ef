import { CompatItemEffectDto } from './compat-catalog.dto.js';

/** One item on one server, with its newest price. */
export class CompatItemOnServerDto {
  id: number;
  /** Name, made unique within the game: the second item of a name is called `name (ankama id)`. */
  item_name: string;
  /** The game's own id; null for an item seen by name only. */
  ankama_id: number | null;
  server: string;
  /** When the newest price was seen, ISO-8601 with `+00:00`. */
  last_observation_at: string;
  /** Kamas for one unit. */
  last_price: number;
  category: string | null;
  /** Mean of the observations of the last 30 days; the newest price where there are none. */
  average_price: number;
  icon_url: string | null;
  /** Some recipe makes it. */
  is_craftable: boolean;
  /** Number of recipes that use it. */
  usage_count: number;
}

export class CompatMarketPageDto {
  items: CompatItemOnServerDto[];
  totalCount: number;
  page: number;
  pageSize: number;
  /** 0 when nothing was found. */
  totalPages: number;
}

export class CompatItemMatchDto {
  id: number;
  item_name: string;
  ankama_id: number | null;
  icon_url: string | null;
  is_craftable: boolean;
}

export class CompatItemDetailsDto {
  id: number;
  name: string;
  level: number | null;
  icon_url: string | null;
  ankama_id: number | null;
  category_id: number | null;
  /** In the game's own order. */
  effects: CompatItemEffectDto[];
}

export class CompatCategoryDto {
  id: number;
  name: string;
}
