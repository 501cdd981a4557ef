import { Body, Controller, Delete, Get, Patch, Put, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { etagOf } from '../../platform/http/if-match.js';
import { SeenRunningVersion } from '../seen-version.decorator.js';
import { PictureUploads } from './picture-uploads.service.js';
import { toRunnerPreferencesDto } from './profiles.mapper.js';
import { RunnerPreferencesChangeDto, RunnerPreferencesDto } from './preferences.dto.js';
import { PreferencesService } from './preferences.service.js';
import { RunnerProfileChangeDto, RunnerProfileDto } from './profiles.dto.js';
import { RunnerProfiles } from './runner-profiles.service.js';

@ApiTags('running')
@Controller('api/v1/running')
export class RunnerProfileController {
  constructor(
    private readonly profiles: RunnerProfiles,
    private readonly pictures: PictureUploads,
    private readonly preferences: PreferencesService,
  ) {}

  /** As whom the caller runs. The first time it is made, under a made-up name. */
  @Get('profile')
  @RequirePermission('running:own')
  async profile(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
  ): Promise<RunnerProfileDto> {
    return tagged(response, await this.profiles.own(caller));
  }

  /** With If-Match only when nobody has changed it since. */
  @Patch('profile')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('running:own')
  async changeProfile(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @SeenRunningVersion() seen: number | undefined,
    @Body() body: RunnerProfileChangeDto,
  ): Promise<RunnerProfileDto> {
    return tagged(response, await this.profiles.change(caller, body, seen));
  }

  /**
   * Gives the profile a picture: the bytes of a PNG, JPEG or WebP of at most 5 MiB and 24 megapixels, written anew without what they
   * carried. The one before is deleted.
   */
  @Put('profile/picture')
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @RequirePermission('running:own')
  async putPicture(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
  ): Promise<RunnerProfileDto> {
    return tagged(response, await this.pictures.put(caller, request));
  }

  /** Without one there is nothing to do. */
  @Delete('profile/picture')
  @RequirePermission('running:own')
  async removePicture(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
  ): Promise<RunnerProfileDto> {
    return tagged(response, await this.pictures.remove(caller));
  }

  /** Units, privacy, recording, and what analysis has to know of the body. */
  @Get('preferences')
  @RequirePermission('running:own')
  async ownPreferences(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
  ): Promise<RunnerPreferencesDto> {
    return tagged(response, toRunnerPreferencesDto(await this.preferences.own(caller)));
  }

  /** With If-Match only when nobody has changed them since. */
  @Patch('preferences')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('running:own')
  async changePreferences(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @SeenRunningVersion() seen: number | undefined,
    @Body() body: RunnerPreferencesChangeDto,
  ): Promise<RunnerPreferencesDto> {
    return tagged(response, toRunnerPreferencesDto(await this.preferences.change(caller, body, seen)));
  }
}

function tagged<T extends { version: number }>(response: Response, body: T): T {
  response.setHeader('ETag', etagOf(body.version));
  return body;
}
