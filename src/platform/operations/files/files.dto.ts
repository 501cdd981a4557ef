import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { FILE_PURPOSES, UPLOAD_PURPOSES } from '../../storage/file-purposes.js';
import { QueryInt } from '../../http/query-int.js';
import { PageQueryDto } from '../../http/page-query.dto.js';

const UPLOADED = UPLOAD_PURPOSES.map(({ name }) => name);
const STORED = FILE_PURPOSES.map(({ name }) => name);

export class UploadQueryDto {
  /** What the file is for; says what is taken: `picture` = PNG, JPEG or WebP of at most 10 MiB and 24 megapixels. */
  @ApiProperty({ enum: UPLOADED })
  @IsIn(UPLOADED)
  purpose: string;
}

export class FilesQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: STORED })
  @IsOptional()
  @IsIn(STORED)
  purpose?: string;
}

export class FileLinkQueryDto {
  /** Unix time in seconds, as in the link. */
  @QueryInt()
  @IsInt()
  @Min(0)
  @Max(99_999_999_999)
  expires: number;

  @IsString()
  @MaxLength(100)
  signature: string;
}

export class FileDto {
  id: string;
  purpose: string;
  /** By its content. */
  mediaType: string;
  /** As stored; a picture is written anew when it comes. */
  sizeBytes: number;
  /** Of what is stored, in hexadecimal digits. */
  sha256: string;
  createdAt: string;
  /** When it goes by itself; null = never. */
  expiresAt: string | null;
  /** A link of this server to the bytes; whoever has it can read them until `urlExpiresAt`. */
  url: string;
  urlExpiresAt: string;
}

export class FilesDto {
  /** Newest first. */
  items: FileDto[];
  nextCursor: string | null;
}
