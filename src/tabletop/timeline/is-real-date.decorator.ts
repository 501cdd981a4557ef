import { applyDecorators } from '@nestjs/common';
import { IsISO8601, Matches } from 'class-validator';

const DATE = /^[1-9]\d{3}-\d\d-\d\d$/;
const MESSAGE = { message: 'must be a date from 1000-01-01 on, as YYYY-MM-DD' };

/** A day of the world that the players live in, `2026-11-30`. */
export const IsRealDate = (): PropertyDecorator =>
  applyDecorators(Matches(DATE, MESSAGE), IsISO8601({ strict: true }));
