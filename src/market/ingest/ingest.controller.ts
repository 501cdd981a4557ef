import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { type DigestedRequest, NDJSON_TYPE } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { IngestResultDto } from './ingest.dto.js';
import { NativeIngestService } from './native-ingest.service.js';
import { MAX_BATCH, nativeObservationSchema } from './observation.js';

const ELEMENT_SCHEMA = z.toJSONSchema(
  nativeObservationSchema(() => 0),
  { io: 'input' },
);
delete ELEMENT_SCHEMA.$schema;
const ROUTE = 'POST /api/v1/market/games/:game/servers/:server/observations';

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server/observations')
export class IngestController {
  constructor(private readonly ingest: NativeIngestService) {}

  /**
   * Stores a batch of observed prices: a JSON array, or NDJSON with one element per line. Each element is judged by itself;
   * what is valid is stored in one transaction. Answers 201 with one verdict per element, 422 when none could be taken.
   */
  @Post()
  @HttpCode(201)
  @ApiCreatedResponse({ type: IngestResultDto })
  @ApiIdempotencyKey()
  @ApiBody({
    schema: {
      type: 'array',
      minItems: 1,
      maxItems: MAX_BATCH,
      items: ELEMENT_SCHEMA as Record<string, unknown>,
    },
  })
  @RequirePermission('market:ingest')
  async store(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
  ): Promise<IngestResultDto> {
    const isLines = request.is(NDJSON_TYPE) !== false;
    const idempotent = idempotentRequest(request, `${ROUTE} ${game}/${server}`);
    const outcome = await this.ingest.store(
      caller,
      { game, server },
      { body: request.body as unknown, isLines },
      idempotent,
    );
    return answerWith(response, outcome);
  }
}
