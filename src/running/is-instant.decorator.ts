import { applyDecorators } from '@nestjs/common';
import { IsISO8601, Matches } from 'class-validator';

/** With its zone: without one it would be the server's own. Weeks and days of the year are no dates to JavaScript. */
const DATED = String.raw`-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$`;
const YEARS = { 1970: String.raw`^(?:19[7-9]|20\d)\d`, 2000: String.raw`^20\d\d` } as const;

/** An instant by a device's clock, up to 2099. @param from 2000 where that clock has to have been set */
export function IsInstant(from: keyof typeof YEARS): PropertyDecorator {
  const message = `must be an instant of ${from} to 2099 with its zone`;
  return applyDecorators(IsISO8601({ strict: true }), Matches(new RegExp(YEARS[from] + DATED), { message }));
}
