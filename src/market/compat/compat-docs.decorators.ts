import { ApiQuery, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { CompatErrorDto } from './compat-ingest.dto.js';

// What the descriptions of the shared addresses are made of.

type Model = new () => object;

export const one = (model: Model) => ({ $ref: getSchemaPath(model) });
export const listOf = (model: Model) => ({ type: 'array', items: one(model) });
export const textQuery = (name: string, description: string) =>
  ApiQuery({ name, description, type: String, required: false });
export const numberQuery = (name: string, description: string) =>
  ApiQuery({ name, description, type: Number, required: false });
export const refusal = (status: number, description: string) =>
  ApiResponse({ status, type: CompatErrorDto, description });
