import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { ApiKeysDto, CreatedApiKeyDto, NewApiKeyDto } from './api-keys.dto.js';
import { toApiKeyDto } from './api-keys.mapper.js';
import { ApiKeys } from './api-keys.service.js';

@ApiTags('account')
@Controller('api/v1/account/keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  /** Makes a key for a machine. Needs a fresh proof (`/step-up`). */
  @Post()
  @Header('Cache-Control', 'no-store')
  @RequirePermission('account:own')
  async create(@Caller() caller: Principal, @Body() body: NewApiKeyDto): Promise<CreatedApiKeyDto> {
    const expiresAt = body.expiresAt == null ? null : new Date(body.expiresAt);
    const { key, row } = await this.keys.create(caller, { ...body, expiresAt });
    return { ...toApiKeyDto(row), key };
  }

  @Get()
  @Header('Cache-Control', 'no-store')
  @RequirePermission('account:own')
  async list(@Caller() caller: Principal): Promise<ApiKeysDto> {
    return { items: (await this.keys.list(caller)).map(toApiKeyDto) };
  }

  /** The key is refused within a second. */
  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('account:own')
  remove(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.keys.remove(caller, id);
  }
}
