import { applyDecorators } from '@nestjs/common';
import { ApiQuery, ApiResponse } from '@nestjs/swagger';
import { STATUSES, TIME_RANGES } from './compat-query.js';
import { CompatDetailDto, CompatFaultsDto } from './compat.dto.js';

// Queries of the original, read by rules of its own and therefore described here.

const NOT_VALID = ApiResponse({ status: 422, type: CompatFaultsDto, description: 'The query is not valid' });
const RANGE = ApiQuery({ name: 'time_range', enum: TIME_RANGES, required: false });

export const TimeRangeQuery = () => applyDecorators(RANGE, NOT_VALID);
export const SessionsQuery = () =>
  applyDecorators(
    RANGE,
    ApiQuery({ name: 'status', enum: STATUSES, required: false }),
    ApiQuery({
      name: 'search',
      type: String,
      required: false,
      description: 'Part of an id or of a character, whatever its case',
    }),
    ApiQuery({ name: 'page', schema: { type: 'integer', minimum: 1 }, required: false }),
    ApiQuery({ name: 'limit', schema: { type: 'integer', minimum: 1, maximum: 100 }, required: false }),
    NOT_VALID,
  );
export const NotFound = (description: string) =>
  ApiResponse({ status: 404, type: CompatDetailDto, description });
