import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryFlag } from '../../platform/http/query-flag.js';
import { QueryChoices, QueryWords } from '../../platform/http/query-words.js';
import {
  COMPONENT_STATES,
  type ComponentState,
  ITEM_LOCATIONS,
  type ItemLocation,
} from '../bungie/profile-snapshot.js';
import { RARITIES, type Rarity, SOCKET_CATEGORIES, type SocketCategory } from './weapon-definition.js';
import { AMMO, type Ammo, type Element, ELEMENTS, type Slot, SLOTS } from '../catalysts/weapon-terms.js';
import { WEAPON_GROUPS, WEAPON_SORTS, type WeaponGroup, type WeaponSort } from './weapon-filters.js';

const DIRECTIONS = ['asc', 'desc'] as const;
const MOST_WORDS = 20;
const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8})?$/;

export class LanguageQueryDto {
  /** Of the names; one that was not imported is answered in the first of the settings. */
  @ApiPropertyOptional({ example: 'en' })
  @IsOptional()
  @Matches(LANGUAGE, { message: 'takes a language of the manifest' })
  lang?: string;
}

/** Several values of one field mean any of them, separated by commas. */
export class WeaponsFilterDto extends LanguageQueryDto {
  /** As the manifest calls them, accents and case aside: "Hand Cannon". */
  @ApiPropertyOptional({ type: [String] })
  @IsOptional()
  @QueryWords()
  @IsArray()
  @ArrayMaxSize(MOST_WORDS)
  @IsString({ each: true })
  @MaxLength(60, { each: true })
  type?: string[];

  @QueryChoices(ELEMENTS)
  element?: Element[];

  @QueryChoices(SLOTS)
  slot?: Slot[];

  @QueryChoices(RARITIES)
  rarity?: Rarity[];

  @QueryChoices(ITEM_LOCATIONS)
  location?: ItemLocation[];

  /** Of all of these, each a name or a hash; an enhanced trait passes for its base. */
  @ApiPropertyOptional({ type: [String] })
  @IsOptional()
  @QueryWords()
  @IsArray()
  @ArrayMaxSize(MOST_WORDS)
  @IsString({ each: true })
  @MaxLength(60, { each: true })
  perk?: string[];

  /** Perks count only where they are plugged in, not where the copy could have them. */
  @ApiPropertyOptional({ default: false })
  @IsOptional()
  @QueryFlag()
  @IsBoolean()
  isPerkSelected?: boolean;

  @ApiPropertyOptional()
  @IsOptional()
  @QueryFlag()
  @IsBoolean()
  isMasterwork?: boolean;

  @ApiPropertyOptional()
  @IsOptional()
  @QueryFlag()
  @IsBoolean()
  isCrafted?: boolean;

  @ApiPropertyOptional()
  @IsOptional()
  @QueryFlag()
  @IsBoolean()
  isLocked?: boolean;

  /** Like the weapon's name, as people type it. */
  @ApiPropertyOptional({ maxLength: 100 })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  q?: string;
}

export class WeaponsQueryDto extends IntersectionType(WeaponsFilterDto, PageQueryDto) {
  @ApiPropertyOptional({ enum: WEAPON_SORTS, default: 'name' })
  @IsOptional()
  @IsIn(WEAPON_SORTS)
  sort: WeaponSort = 'name';

  @ApiPropertyOptional({ enum: DIRECTIONS, default: 'asc' })
  @IsOptional()
  @IsIn(DIRECTIONS)
  order: (typeof DIRECTIONS)[number] = 'asc';
}

export class WeaponGroupsQueryDto extends WeaponsFilterDto {
  @ApiProperty({ enum: WEAPON_GROUPS })
  @IsIn(WEAPON_GROUPS)
  groupBy: WeaponGroup;
}

export class PerkDto {
  @ApiProperty({ type: 'integer' })
  plugHash: number;
  /** Null where the manifest does not know it. */
  name: string | null;
  icon: string | null;
  /** The trait that an enhanced one enhances; of all others the same as `plugHash`. */
  @ApiProperty({ type: 'integer' })
  baseHash: number;
  isEnhanced: boolean;
}

export class WeaponColumnDto {
  @ApiProperty({ enum: SOCKET_CATEGORIES })
  category: SocketCategory;
  @ApiProperty({ type: 'integer' })
  socketIndex: number;
  /** What is plugged in. */
  @ApiProperty({ type: PerkDto, nullable: true })
  selected: PerkDto | null;
  /** What this copy could have, the selected one first. */
  @ApiProperty({ type: [PerkDto] })
  selectable: PerkDto[];
}

export class WeaponStatDto {
  @ApiProperty({ type: 'integer' })
  statHash: number;
  name: string | null;
  @ApiProperty({ type: 'integer' })
  value: number;
}

export class WeaponDto {
  /** 64 bits, as text. */
  itemInstanceId: string;
  @ApiProperty({ type: 'integer' })
  itemHash: number;
  name: string | null;
  icon: string | null;
  weaponType: string | null;
  @ApiProperty({ enum: ELEMENTS, nullable: true })
  element: Element | null;
  @ApiProperty({ enum: SLOTS, nullable: true })
  slot: Slot | null;
  @ApiProperty({ enum: AMMO, nullable: true })
  ammo: Ammo | null;
  @ApiProperty({ enum: RARITIES, nullable: true })
  rarity: Rarity | null;
  @ApiProperty({ type: 'integer', nullable: true })
  power: number | null;
  @ApiProperty({ enum: ITEM_LOCATIONS })
  location: ItemLocation;
  isEquipped: boolean;
  /** Null in the vault. */
  characterId: string | null;
  isLocked: boolean;
  isMasterwork: boolean;
  isCrafted: boolean;
  isAdept: boolean;
  @ApiProperty({ type: [WeaponStatDto] })
  stats: WeaponStatDto[];
  @ApiProperty({ type: [WeaponColumnDto] })
  columns: WeaponColumnDto[];
}

export class WeaponAgeDto {
  /** When Bungie made it; null = nothing was read yet. */
  @ApiProperty({ nullable: true, format: 'date-time' })
  asOf: string | null;
  isStale: boolean;
  /** `private`: the player hides it; `absent`: nothing has come yet. */
  @ApiProperty({ enum: COMPONENT_STATES })
  inventoryState: ComponentState;
}

export class WeaponsDto extends WeaponAgeDto {
  @ApiProperty({ type: [WeaponDto] })
  items: WeaponDto[];
  /** Of all that the filters leave. */
  @ApiProperty({ type: 'integer' })
  total: number;
  nextCursor: string | null;
}

export class WeaponDetailDto extends WeaponDto {
  @ApiProperty({ nullable: true, format: 'date-time' })
  asOf: string | null;
}

export class WeaponCountDto {
  /** Null: of what has none, for example in the vault. */
  key: string | null;
  @ApiProperty({ type: 'integer' })
  count: number;
}

export class WeaponGroupsDto extends WeaponAgeDto {
  @ApiProperty({ enum: WEAPON_GROUPS })
  groupBy: WeaponGroup;
  /** Weapons that the filters leave. */
  @ApiProperty({ type: 'integer' })
  total: number;
  /** The most first; a weapon counts once for each of its perks. */
  @ApiProperty({ type: [WeaponCountDto] })
  items: WeaponCountDto[];
}
