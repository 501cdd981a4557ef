import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../auth/caller.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { Public, RequirePermission } from '../../auth/route.decorators.js';
import { conditional, type NOT_MODIFIED } from '../../http/conditional.js';
import { EXTENSIONS } from '../../storage/file-purposes.js';
import { FileDto, FileLinkQueryDto, FilesDto, FilesQueryDto, UploadQueryDto } from './files.dto.js';
import { FilesDesk } from './files-desk.service.js';

@ApiTags('files')
@Controller('api/v1/files')
export class FilesController {
  constructor(private readonly desk: FilesDesk) {}

  /**
   * Stores the bytes of the body. What they are is told from themselves; a name is not asked for. Pictures are written anew,
   * without where and with what they were taken.
   */
  @Post()
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @RequirePermission('account:own')
  upload(
    @Caller() caller: Principal,
    @Query() query: UploadQueryDto,
    @Req() request: Request,
  ): Promise<FileDto> {
    return this.desk.upload(caller, query.purpose, request);
  }

  /** The caller's own, newest first. */
  @Get()
  @RequirePermission('account:own')
  list(@Caller() caller: Principal, @Query() query: FilesQueryDto): Promise<FilesDto> {
    return this.desk.list(caller, query);
  }

  @Get(':id')
  @RequirePermission('account:own')
  find(@Caller() caller: Principal, @Param('id') id: string): Promise<FileDto> {
    return this.desk.find(caller, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('account:own')
  delete(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.desk.delete(caller, id);
  }

  /** The bytes, for whoever has the link. Answers one span of a Range with 206. */
  @Get(':id/content')
  @ApiHeader({ name: 'Range', required: false })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @Public()
  async content(
    @Param('id') id: string,
    @Query() query: FileLinkQueryDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile | typeof NOT_MODIFIED> {
    const file = await this.desk.findByLink(id, query);
    return conditional(request, response, `"${file.sha256.toString('hex')}"`, async () => {
      const { span, bytes } = await this.desk.open(file, request.headers.range);
      response.statusCode = span ? 206 : 200;
      response.setHeader('Accept-Ranges', 'bytes');
      if (span) response.setHeader('Content-Range', `bytes ${span.from}-${span.to}/${file.sizeBytes}`);
      return new StreamableFile(bytes, {
        type: file.mediaType,
        disposition: `attachment; filename="${file.id}.${EXTENSIONS[file.mediaType] ?? 'bin'}"`,
        length: span ? span.to - span.from + 1 : file.sizeBytes,
      });
    });
  }
}
