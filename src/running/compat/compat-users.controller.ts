import {
  Controller,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  Query,
  Req,
  UploadedFile,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, RequirePermission } from '../../platform/auth/route.decorators.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { publicOrigin } from '../../platform/http/public-origin.js';
import { AVATAR_LIMITS } from './avatar-route.js';
import { pageQuery, preferencesBody, profileBody } from './compat-bodies.js';
import { CompatWispFilter } from './compat.filter.js';
import type { Envelope } from './compat-answer.js';
import { TakesBody, TakesQuery } from './compat-docs.decorator.js';
import { AnswersEnvelope, enveloped } from './compat-envelope.decorator.js';
import { CompatWispRunnerRunsDto } from './compat-runs.dto.js';
import { CompatRuns } from './compat-runs.service.js';
import {
  CompatWispAvatarDto,
  CompatWispPreferencesDto,
  CompatWispProfileDto,
  CompatWispRunnerDto,
} from './compat-users.dto.js';
import { CompatUsers } from './compat-users.service.js';

/** Runners by the contract of the original's documents. Connections, search and following come with later rooms. */
@ApiTags('compat wisp')
@UseFilters(CompatWispFilter)
@Controller('compat/wisp/api/v1/users')
@CompatMount('wisp')
export class CompatUsersController {
  constructor(
    private readonly users: CompatUsers,
    private readonly runs: CompatRuns,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @Get('profile')
  @AnswersEnvelope(CompatWispProfileDto)
  @RequirePermission('running:own')
  profile(@Req() request: Request, @Caller() caller: Principal): Promise<Envelope<CompatWispProfileDto>> {
    return enveloped(this.users.profile(caller, publicOrigin(this.env, request)));
  }

  @Put('profile')
  @TakesBody(profileBody)
  @AnswersEnvelope(CompatWispProfileDto)
  @RequirePermission('running:own')
  changeProfile(
    @Req() request: Request,
    @Caller() caller: Principal,
  ): Promise<Envelope<CompatWispProfileDto>> {
    return enveloped(this.users.changeProfile(caller, request.body, publicOrigin(this.env, request)));
  }

  /** The file of the field `avatar`: PNG, JPEG or WebP of at most 5 MiB. */
  @Post('profile/upload-avatar')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @UseInterceptors(FileInterceptor('avatar', { limits: AVATAR_LIMITS }))
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { avatar: { type: 'string', format: 'binary' } } } })
  @AnswersEnvelope(CompatWispAvatarDto)
  @RequirePermission('running:own')
  upload(
    @Req() request: Request,
    @Caller() caller: Principal,
    @UploadedFile() file: { buffer: Buffer } | undefined,
  ): Promise<Envelope<CompatWispAvatarDto>> {
    return enveloped(this.users.upload(caller, file?.buffer, publicOrigin(this.env, request)));
  }

  /** By id or username, as far as they want to be seen. */
  @Get('profile/:id')
  @AnswersEnvelope(CompatWispRunnerDto)
  @RequirePermission('running:read')
  runner(
    @Req() request: Request,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<Envelope<CompatWispRunnerDto>> {
    return enveloped(this.users.runner(caller, id, publicOrigin(this.env, request)));
  }

  @Get('preferences')
  @AnswersEnvelope(CompatWispPreferencesDto)
  @RequirePermission('running:own')
  preferences(@Caller() caller: Principal): Promise<Envelope<CompatWispPreferencesDto>> {
    return enveloped(this.users.ownPreferences(caller));
  }

  @Put('preferences')
  @TakesBody(preferencesBody)
  @AnswersEnvelope(CompatWispPreferencesDto)
  @RequirePermission('running:own')
  changePreferences(
    @Req() request: Request,
    @Caller() caller: Principal,
  ): Promise<Envelope<CompatWispPreferencesDto>> {
    return enveloped(this.users.changePreferences(caller, request.body));
  }

  /** What they show to everybody. */
  @Get(':id/runs')
  @TakesQuery(pageQuery)
  @AnswersEnvelope(CompatWispRunnerRunsDto)
  @RequirePermission('running:read')
  runsOf(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
  ): Promise<Envelope<CompatWispRunnerRunsDto>> {
    return enveloped(this.runs.ofRunner(caller, id, query));
  }
}
