import { DomainError } from '../platform/http/domain-error.js';
import type { InputFault } from '../platform/http/input-fault.js';
import type { SpanFault } from './analytics/analytics-span.js';

/** Codes of the market; HTTP status in brackets. */
export const MARKET_ERROR = {
  /** (404) */
  unknownGame: 'market/unknown-game',
  /** (404) */
  unknownServer: 'market/unknown-server',
  /** (404) */
  unknownItem: 'market/unknown-item',
  /** (404) */
  unknownIcon: 'market/unknown-icon',
  /** (404) */
  unknownObservation: 'market/unknown-observation',
  /** (422) a correction that names nothing to correct. */
  nothingToChange: 'market/nothing-to-change',
  /** (413) more elements than a batch may have. */
  batchTooLarge: 'market/batch-too-large',
  /** (422) an empty batch. */
  batchEmpty: 'market/batch-empty',
  /** (422) valid JSON, and no array. */
  batchNotArray: 'market/batch-not-array',
  /** (422) elements of more clients than a batch may speak for. */
  tooManySources: 'market/too-many-sources',
  /** (422) every element was rejected; each has its fault. */
  batchRejected: 'market/batch-rejected',
  /** (400) the query of a list or of prices has invalid fields. */
  invalidQuery: 'market/invalid-query',
  /** (404) no such import, or somebody else's. */
  unknownImport: 'market/unknown-import',
  /** (409) its parts belong to the job already. */
  importStarted: 'market/import-started',
  /** (422) a part is missing. */
  importIncomplete: 'market/import-incomplete',
  /** (422) a part without lines. */
  importPartEmpty: 'market/import-part-empty',
  /** (422) a part that cannot be stored as text. */
  importPartUnreadable: 'market/import-part-unreadable',
  /** (422) the first line of a CSV file names unknown columns, or none. */
  importHeaderUnreadable: 'market/import-header-unreadable',
  /** (422) more parts than an import may have. */
  importTooLarge: 'market/import-too-large',
  /** (503) too many batches wait for this server; send again later. */
  laneFull: 'market/lane-full',
  /** (400) `window` and dates together, one date alone, or dates the wrong way round. */
  invalidSpan: 'market/invalid-span',
  /** (422) the span is longer than this request may take. */
  spanTooLong: 'market/span-too-long',
  /** (409) another item of the game has this name, and there is no other label for it. */
  itemNameTaken: 'market/item-name-taken',
  /** (409) the game's id belongs to an item of the shipped catalogue. */
  externalIdTaken: 'market/external-id-taken',
  /** (412) the item has another version by now. */
  staleItem: 'market/stale-item',
  /** (412) a profile, a list or the terms have another version by now. */
  stale: 'market/stale',
  /** (400) an If-Match that is no version. */
  invalidIfMatch: 'market/invalid-if-match',
  /** (404) no such alert, or somebody else's. */
  unknownAlert: 'market/unknown-alert',
  /** (403) alerts tell an account; the token is a service's. */
  alertsNeedAccount: 'market/alerts-need-account',
  /** (409) the account has as many alerts as one may have. */
  tooManyAlerts: 'market/too-many-alerts',
  /** (429) a socket that watches as many servers as one may. */
  tooManyWatches: 'market/too-many-watches',
  /** (404) the game has no such recipe. */
  unknownRecipe: 'market/unknown-recipe',
  /** (403) a recipe of the shipped catalogue or of somebody else, and the caller is no curator. */
  recipeNotYours: 'market/recipe-not-yours',
  /** (422) what a recipe names is not there, or it would come back to itself. */
  recipeRefused: 'market/recipe-refused',
  /** (422) so many crafts need more of something than can be counted exactly. */
  tooManyCrafts: 'market/too-many-crafts',
  /** (404) there is no such account. */
  unknownMember: 'market/unknown-member',
  /** (404) the account has no role in the market. */
  noMemberRole: 'market/no-member-role',
  /** (404) the server has no trade terms of its own. */
  noServerTerms: 'market/no-server-terms',
  /** (404) the observation is not flagged, or no longer. */
  unknownFlag: 'market/unknown-flag',
  /** (404) no such route, or somebody else's. */
  unknownHarvestRoute: 'market/unknown-harvest-route',
  /** (422) an account keeps a limited number of routes. */
  tooManyHarvestRoutes: 'market/too-many-harvest-routes',
  /** (422) a calendar that is no list of days. */
  calendarNotArray: 'market/calendar-not-array',
  /** (413) more days than an import may have. */
  calendarTooLong: 'market/calendar-too-long',
  /** (422) not one of its days could be taken; each has its fault. */
  calendarRejected: 'market/calendar-rejected',
  /** (404) no such profile, or somebody else's. */
  unknownProfile: 'market/unknown-profile',
  /** (409) the account has a profile of that name. */
  profileNameTaken: 'market/profile-name-taken',
  /** (409) more profiles or lists than an account may have, or more items than a list may hold. */
  tooMuchKept: 'market/too-much-kept',
  /** (404) no such list, or one that is not the caller's to read or to write. */
  unknownList: 'market/unknown-list',
  /** (422) the stock would be below zero or above the limit; `errors` say where. */
  stockOutOfRange: 'market/stock-out-of-range',
  /** (404) no such message, or somebody else's. */
  unknownMessage: 'market/unknown-message',
  /** (404) no dump of that name. */
  unknownDump: 'market/unknown-dump',
  /** (404) the game has no such job. */
  unknownJob: 'market/unknown-job',
  /** (422) levels the wrong way round, or a limit that the method does not have. */
  levelingRefused: 'market/leveling-refused',
  /** (422) a craft plan that names an item, a recipe or a job that the game has not. */
  craftPlanRefused: 'market/craft-plan-refused',
  /** (503) too many plans wait to be worked out; ask again later. */
  solverBusy: 'market/solver-busy',
  /** (422) more items, days and window than a backtest may have, or a method that needs more than days. */
  backtestRefused: 'market/backtest-refused',
} as const;

export const unknownGame = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownGame, 'There is no such game.');
export const unknownServer = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownServer, 'The game has no such server.');
export const tooManySources = (maximum: number): DomainError =>
  new DomainError(
    'unprocessable',
    MARKET_ERROR.tooManySources,
    `A batch names at most ${maximum} different sources (name and version).`,
  );
export const unknownItem = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownItem, 'The game has no such item.');
export const unknownIcon = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownIcon, 'There is no such icon.');
export const unknownObservation = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownObservation, 'The server has no such observation.');

const SPAN_FAULTS: Record<SpanFault, [pointer: string, detail: string]> = {
  'window-and-dates': ['/from', 'The query takes either a window or dates.'],
  'half-a-span': ['/to', 'The query takes both from and to, or neither.'],
  backwards: ['/to', 'The first day lies after the last.'],
  'too-early': ['/from', 'There is nothing before 2010-01-01.'],
  'too-long': ['/from', 'The span is longer than 731 days.'],
  'as-of-and-dates': ['/asOf', 'The query takes either asOf, with a window, or dates.'],
  'as-of-ahead': ['/asOf', 'The day of asOf has not begun.'],
};

export function badSpan(fault: SpanFault): DomainError {
  const [pointer, detail] = SPAN_FAULTS[fault];
  const faults = [{ pointer, code: fault, detail }];
  return fault === 'too-long'
    ? new DomainError('unprocessable', MARKET_ERROR.spanTooLong, detail, faults)
    : new DomainError('malformed', MARKET_ERROR.invalidSpan, detail, faults);
}
export const badCursor = (): DomainError =>
  new DomainError('malformed', MARKET_ERROR.invalidQuery, 'The cursor was not made by this list.');
export const unknownMember = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownMember, 'There is no such account.');
export const noMemberRole = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.noMemberRole, 'The account has no role in the market.');
export const hoursTooLong = (): DomainError =>
  new DomainError('unprocessable', MARKET_ERROR.spanTooLong, 'Hours are given for at most 31 days.');
export const noServerTerms = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.noServerTerms, 'The server has no terms of its own.');
export const unknownFlag = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownFlag, 'The observation is not flagged.');
export const unknownHarvestRoute = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownHarvestRoute, 'There is no such route.');
export const alertsNeedAccount = (): DomainError =>
  new DomainError(
    'forbidden',
    MARKET_ERROR.alertsNeedAccount,
    'An alert tells its account, and a service token has none: sign in, or use an API key of an account.',
  );

export const tooManyWatches = (most: number): DomainError =>
  new DomainError(
    'tooMany',
    MARKET_ERROR.tooManyWatches,
    `A socket watches at most ${most} servers; leave one.`,
  );

export const tooManyHarvestRoutes = (maximum: number): DomainError =>
  new DomainError(
    'unprocessable',
    MARKET_ERROR.tooManyHarvestRoutes,
    `An account keeps at most ${maximum} routes.`,
  );
export const calendarNotArray = (): DomainError =>
  new DomainError(
    'unprocessable',
    MARKET_ERROR.calendarNotArray,
    'A calendar is a list of days, or an object that holds it as days.',
  );
export const calendarTooLong = (maximum: number): DomainError =>
  new DomainError('tooLarge', MARKET_ERROR.calendarTooLong, `An import has at most ${maximum} days.`);
export const calendarRejected = (faults: readonly InputFault[]): DomainError =>
  new DomainError(
    'unprocessable',
    MARKET_ERROR.calendarRejected,
    'Not one day of the calendar could be taken.',
    faults.slice(0, 100),
  );
export const itemNameTaken = (): DomainError =>
  new DomainError('conflict', MARKET_ERROR.itemNameTaken, 'Another item of the game has this name.');
export const externalIdTaken = (): DomainError =>
  new DomainError(
    'conflict',
    MARKET_ERROR.externalIdTaken,
    'This id belongs to an item of the shipped catalogue; curators can move it.',
  );
export const staleItem = (version: number): DomainError =>
  new DomainError('stale', MARKET_ERROR.staleItem, `The item has version ${version} by now.`);
export const invalidIfMatch = (): DomainError =>
  new DomainError('malformed', MARKET_ERROR.invalidIfMatch, 'If-Match must be a version in quotes.');
/** @param seen version by If-Match, undefined for any @throws DomainError when it is another by now */
export function assertSeen(seen: number | undefined, now: number, what: string): void {
  if (seen !== undefined && seen !== now)
    throw new DomainError(
      'stale',
      MARKET_ERROR.stale,
      `The ${what} of version ${seen} has version ${now} by now.`,
    );
}
export const nothingToChange = (detail: string): DomainError =>
  new DomainError('unprocessable', MARKET_ERROR.nothingToChange, detail);
export const asOfAhead = (): DomainError =>
  new DomainError('malformed', MARKET_ERROR.invalidQuery, 'The moment lies ahead.', [
    { pointer: '/asOf', code: 'ahead', detail: 'lies ahead' },
  ]);
export const unknownDump = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownDump, 'There is no such dump.');
export const unknownJob = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownJob, 'The game has no such job.');
export const levelingRefused = (pointer: string, detail: string): DomainError =>
  new DomainError('unprocessable', MARKET_ERROR.levelingRefused, 'There is no such plan.', [
    { pointer, code: 'refused', detail },
  ]);
export const unknownProfile = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownProfile, 'There is no such profile.');
export const profileNameTaken = (): DomainError =>
  new DomainError('conflict', MARKET_ERROR.profileNameTaken, 'There is a profile of that name.');
export const tooMuchKept = (maximum: number, what: string): DomainError =>
  new DomainError('conflict', MARKET_ERROR.tooMuchKept, `There can be at most ${maximum} ${what}.`);
export const unknownList = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownList, 'There is no such list.');
export const unknownMessage = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownMessage, 'There is no such message.');
export const unknownRecipe = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownRecipe, 'The game has no such recipe.');
export const recipeNotYours = (): DomainError =>
  new DomainError(
    'forbidden',
    MARKET_ERROR.recipeNotYours,
    'This recipe is changed by whoever made it and by curators.',
  );
export const recipeRefused = (faults: readonly InputFault[]): DomainError =>
  new DomainError('unprocessable', MARKET_ERROR.recipeRefused, 'The recipe cannot be kept as it is.', faults);
export const tooManyCrafts = (): DomainError =>
  new DomainError(
    'unprocessable',
    MARKET_ERROR.tooManyCrafts,
    'So many crafts need more than 9,007,199,254,740,991 of something.',
  );
export const craftPlanRefused = (faults: readonly InputFault[]): DomainError =>
  new DomainError(
    'unprocessable',
    MARKET_ERROR.craftPlanRefused,
    'The game has not all that the plan names.',
    faults.slice(0, 100),
  );
export const solverBusy = (): DomainError =>
  new DomainError('overloaded', MARKET_ERROR.solverBusy, 'Too many plans are being worked out; ask again.');
export const backtestNeedsDays = (): DomainError =>
  new DomainError('unprocessable', MARKET_ERROR.backtestRefused, 'There is no such backtest.', [
    { pointer: '/rule/method', code: 'refused', detail: 'document needs single observations, not days' },
  ]);
export const backtestTooLarge = (itemCount: number, maximum: number): DomainError =>
  new DomainError(
    'unprocessable',
    MARKET_ERROR.backtestRefused,
    `The rule would be tried on ${itemCount} items; over these days and this window it can be on at most ${maximum}. Narrow it by itemIds, categoryIds or dates.`,
  );
