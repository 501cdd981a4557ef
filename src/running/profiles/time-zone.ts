// Zones of the IANA database by name. Offsets are none of them: they know nothing of summer, and a month of runs would begin at two
// different hours.

export const MOST_TIME_ZONE = 50;
const NAME = /^[A-Za-z_]+(?:\/[A-Za-z\d_+-]+){0,2}$/;

export function isTimeZone(name: string): boolean {
  if (name.length > MOST_TIME_ZONE || !NAME.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
