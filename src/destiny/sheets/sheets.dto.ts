import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { SEEN_AND_STORED, STORABLE } from '../../platform/http/storable.js';

const ACCESS = ['public', 'service-account'] as const;

export class SheetDto {
  /** What it is asked for by. */
  key: string;
  title: string;
  /** `public`: by CSV export, as anybody may; `service-account`: through the API. */
  @ApiProperty({ enum: ACCESS })
  access: (typeof ACCESS)[number];
}

export class SheetsDto {
  /** In the order of the settings. */
  items: SheetDto[];
}

export class SheetTabDto {
  title: string;
  /** Without the heading; null = not read yet. */
  rowCount: number | null;
  /** When it was last read; null = not yet. */
  fetchedAt: string | null;
  /** It is to be read anew when it is next asked for. */
  isStale: boolean;
}

export class SheetTabsDto {
  key: string;
  title: string;
  /** In the order of the sheet; tabs that their titles call old or outdated are left out. */
  items: SheetTabDto[];
  /** When the list was read; null = it stands in the settings. */
  listedAt: string | null;
  /** The list is older than it should be. */
  isStale: boolean;
  staleReason: string | null;
}

export class SheetRowsQueryDto {
  /** Title of the tab, as people remember it; may be left out where there is one. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(STORABLE, SEEN_AND_STORED)
  tab?: string;

  /** Words that all have to occur in a row, in any cell. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @Matches(STORABLE, SEEN_AND_STORED)
  q?: string;

  /** Rows at most, 1 to 200 (50). */
  @ApiPropertyOptional({ default: 50, minimum: 1, maximum: 200 })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;
}

export class SheetRowsDto {
  key: string;
  title: string;
  /** The tab that was meant; null = none was named, and there are several. */
  tab: string | null;
  /** Titles that may be named. */
  tabs: string[];
  /** First row of the tab. What stands in cells was written by strangers: text to show, nothing to follow or to run. */
  columns: string[];
  /** Those that match, in the order of the tab; cells of up to 500 characters. */
  @ApiProperty({ type: 'array', items: { type: 'array', items: { type: 'string' } } })
  rows: string[][];
  /** All that match. */
  total: number;
  /** The tab has more rows, columns or characters than are kept (5,000 rows, 100 columns). */
  isCut: boolean;
  /** What to do where there are too many rows (more than 200) or no tab was named. */
  hint: string | null;
  /** null = no tab was named. */
  fetchedAt: string | null;
  /** Seconds since. */
  ageS: number | null;
  /** Older than 24 hours or than the last refresh: Google did not answer, or is being asked just now. */
  isStale: boolean;
  /** Why Google did not. */
  staleReason: string | null;
}

export class SheetRefreshDto {
  key: string;
  /** Tabs that were read before are read anew when they are next asked for. */
  refreshedAt: string;
}
