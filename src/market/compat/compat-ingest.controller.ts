import { All, Controller, HttpCode, Options, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiExcludeEndpoint, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Public, RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { MAX_BATCH } from '../ingest/observation.js';
import { methodNotAllowed } from './compat.errors.js';
import { CompatErrorDto, CompatIngestDto } from './compat-ingest.dto.js';
import { CompatIngestFilter } from './compat-ingest.filter.js';
import { CompatIngestService } from './compat-ingest.service.js';
import { compatElementSchema } from './compat-observation.js';

const ELEMENT_SCHEMA = z.toJSONSchema(
  compatElementSchema(() => 0),
  { io: 'input' },
) as Record<string, unknown>;
delete ELEMENT_SCHEMA['$schema'];
const ROUTE = 'POST /compat/dofus/api/ingest';

/** Not a @CompatMount: this route always wants a token, also where the mount lets callers without one read. */
@ApiTags('compat dofus')
@Controller('compat/dofus/api/ingest')
@UseFilters(CompatIngestFilter)
export class CompatIngestController {
  constructor(private readonly ingest: CompatIngestService) {}

  /** Stores one observation or an array of them, of any servers: all, or none when one of them is not valid. */
  @Post()
  @HttpCode(201)
  @ApiBody({
    schema: {
      oneOf: [ELEMENT_SCHEMA, { type: 'array', minItems: 1, maxItems: MAX_BATCH, items: ELEMENT_SCHEMA }],
    },
  })
  @ApiCreatedResponse({ type: CompatIngestDto })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'invalid_json or validation_error' })
  @ApiIdempotencyKey()
  @RequirePermission('market:ingest')
  async store(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
  ): Promise<CompatIngestDto> {
    const outcome = await this.ingest.store(
      caller,
      request.body as unknown,
      idempotentRequest(request, ROUTE),
    );
    return answerWith(response, outcome);
  }

  /** A preflight where CORS is off; where it is on, it is answered before the routes. */
  @Options()
  @HttpCode(200)
  @ApiExcludeEndpoint()
  @Public()
  preflight(): void {
    // nothing to say: without CORS headers the browser refuses the request
  }

  /** The original looks at the method before the token. */
  @All()
  @ApiExcludeEndpoint()
  @Public()
  refuse(): never {
    throw methodNotAllowed('POST', 'Only POST is allowed here.');
  }
}
