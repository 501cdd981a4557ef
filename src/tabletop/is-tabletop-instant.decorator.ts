import { applyDecorators } from '@nestjs/common';
import { IsISO8601, Matches } from 'class-validator';

/** With its zone: without one it would be the server's own. */
const INSTANT = /^(?:1[6-9]|20)\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** When something happened, by our calendar: 1600 to 2099. What happened in the world has its date there. */
export function IsTabletopInstant(): PropertyDecorator {
  const message = 'must be an instant of 1600 to 2099 with its zone';
  return applyDecorators(IsISO8601({ strict: true }), Matches(INSTANT, { message }));
}
