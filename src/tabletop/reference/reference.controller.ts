import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { ReferenceEntryDto, ReferenceQueryDto, ReferenceTermsDto } from './reference.dto.js';
import { ReferenceService } from './reference.service.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/reference')
export class ReferenceController {
  constructor(private readonly reference: ReferenceService) {}

  /** Terms of the System Reference Documents 5.1 and 5.2: by name, or the best first for what is asked. */
  @Get()
  @RequirePermission('tabletop:read')
  list(@Query() query: ReferenceQueryDto): ReferenceTermsDto {
    return this.reference.list(query);
  }

  /** A term's cards: its figures and the beginning of its text, by edition. */
  @Get(':slug')
  @RequirePermission('tabletop:read')
  find(@Param('slug') slug: string): ReferenceEntryDto {
    return this.reference.find(slug);
  }
}
