// xsd:dateTime, as GPX and TCX write it, a million times per file. The usual form is taken apart by hand; the date is worked out once a
// day. Times without a zone are UTC, as both formats demand of all times.

const ZERO = 48;
const POINT = 46;
const FORM =
  /^\s*(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?\s*(?:Z|([+-])(\d{2}):?(\d{2}))?\s*$/i;

let knownDate = '';
let knownDateMs = Number.NaN;

/** Unix milliseconds; NaN = not an instant. */
export function instantMs(text: string): number {
  const { length } = text;
  if ((length === 20 || length === 24) && text.charCodeAt(length - 1) === 90) {
    const clockMs = clockOf(text) + (length === 24 ? thousandthsOf(text) : 0);
    if (clockMs >= 0) return dateMs(text.slice(0, 10)) + clockMs;
  }
  return slowInstantMs(text);
}

/** `hh:mm:ss` behind the T. @returns NaN where it is something else */
function clockOf(text: string): number {
  if (text.charCodeAt(10) !== 84 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58)
    return Number.NaN;
  const [hour, minute, second] = [two(text, 11), two(text, 14), two(text, 17)];
  return hour < 24 && minute < 60 && second < 60 ? ((hour * 60 + minute) * 60 + second) * 1_000 : Number.NaN;
}

/** `.fff` behind the seconds. @returns NaN where it is something else */
function thousandthsOf(text: string): number {
  if (text.charCodeAt(19) !== POINT) return Number.NaN;
  return two(text, 20) * 10 + (two(text, 21) % 10);
}

/** @returns NaN where it is something else */
function two(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - ZERO, text.charCodeAt(at + 1) - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function dateMs(date: string): number {
  if (date !== knownDate) {
    knownDate = date;
    knownDateMs = /^\d{4}-\d{2}-\d{2}$/.test(date) ? calendarMs(date) : Number.NaN;
  }
  return knownDateMs;
}

/** The 31st of February is no day. */
function calendarMs(date: string): number {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(date) ? ms : Number.NaN;
}

function slowInstantMs(text: string): number {
  const parts = FORM.exec(text);
  if (!parts) return Number.NaN;
  const [, year, month, day, hour, minute, second = '0', fraction = '0', sign, zoneHour, zoneMinute] = parts;
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 24 || m > 59 || s > 60) return Number.NaN;
  const clockMs = ((h * 60 + m) * 60 + s) * 1_000 + Math.round(Number(`0.${fraction}`) * 1_000);
  const zoneMs =
    sign === undefined ? 0 : (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000 * (sign === '-' ? -1 : 1);
  return dateMs(`${year}-${month}-${day}`) + clockMs - zoneMs;
}
