import { DomainError } from '../platform/http/domain-error.js';
import type { InputFault } from '../platform/http/input-fault.js';

/** Codes of this domain; each is reached by a test. HTTP status in brackets. */
export const RUNNING_ERROR = {
  /** (400) an If-Match that is no version. */
  invalidIfMatch: 'running/invalid-if-match',
  /** (412) it has another version by now. */
  stale: 'running/stale',
  /** (404) no such run, or one that is not shown to the caller. */
  unknownRun: 'running/unknown-run',
  /** (409) the run came from a file or a provider: nothing can be recorded into it. */
  notRecorded: 'running/not-recorded',
  /** (409) the id that the client made is taken. */
  runIdTaken: 'running/run-id-taken',
  /** (409) a run of this id was deleted. */
  runDeleted: 'running/run-deleted',
  /** (422) fixes of which some cannot be read: none was stored. */
  invalidFixes: 'running/invalid-fixes',
  /** (422) totals or times of a run that contradict each other. */
  invalidRun: 'running/invalid-run',
  /** (409) the run holds as many presses of buttons as one may. */
  tooManyEvents: 'running/too-many-events',
  /** (410) what was changed so long ago is no longer told: read everything anew. */
  changesGone: 'running/changes-gone',
  /** (409) the run has another way: it was recorded here, or was elsewhere at one of these times. */
  routeKnown: 'running/route-known',
  /** (404) the run has no places: it was run on a treadmill, or told in totals. */
  runWithoutRoute: 'running/run-without-route',
  /** (404) no such runner, or one who does not want to be seen. */
  unknownRunner: 'running/unknown-runner',
  /** (409) another runner has this name. */
  usernameTaken: 'running/username-taken',
  /** (422) heart rates do not rise from rest over threshold to maximum. */
  heartRatesDisagree: 'running/heart-rates-disagree',
  /** (409) the run has no track to write: it is being recorded, or was told by hand. */
  exportNeedsTrack: 'running/export-needs-track',
  /** (409) GPX has points with places only, and the run has none. */
  exportNeedsPlaces: 'running/export-needs-places',
  /** (404) no such import, or somebody else's. */
  unknownImport: 'running/unknown-import',
  /** (409) a job works on it. */
  importUnderWay: 'running/import-under-way',
  /** (409) the file of a stopped import has expired: send it again. */
  importFileGone: 'running/import-file-gone',
  /** (409) the account has as many unfinished imports as one may have. */
  tooManyImports: 'running/too-many-imports',
  /** (400) a span of days that ends before it begins, or is too long. */
  invalidSpan: 'running/invalid-span',
  /** (422) zones by a threshold heart rate that the preferences do not have. */
  noThreshold: 'running/no-threshold',
  /** (404) no such ghost, or one that the caller may not race. */
  unknownGhost: 'running/unknown-ghost',
  /** (404) no such link to a ghost: never made, taken back or ended. */
  unknownGhostLink: 'running/unknown-ghost-link',
  /** (422) what a ghost is to be made of is missing, surplus or does not fit its type. */
  invalidGhost: 'running/invalid-ghost',
  /** (422) nothing to race: the run is unfinished, too short or has no places, or there is no such record. */
  noGhostInIt: 'running/no-ghost-in-it',
  /** (409) the run came from another provider, whose terms keep it from everybody but its owner. */
  providerTerms: 'running/provider-terms',
  /** (409) the run is private by its owner's choice for this very run. */
  runIsPrivate: 'running/run-is-private',
  /** (409) what was taken over from somebody else is not passed on. */
  notYoursToShare: 'running/not-yours-to-share',
  /** (409) the account has as many ghosts as one may have. */
  tooManyGhosts: 'running/too-many-ghosts',
  /** (409) its curve is still being made, or cannot be made. */
  ghostNotReady: 'running/ghost-not-ready',
  /** (404) no such race, or one that the caller has no part in. */
  unknownRace: 'running/unknown-race',
  /** (404) no such invitation: never made, taken back or ended. */
  unknownRaceInvite: 'running/unknown-race-invite',
  /** (422) ghosts that do not do for a race of this kind. */
  invalidRace: 'running/invalid-race',
  /** (409) the account has as many races that are not over as one may have. */
  tooManyRaces: 'running/too-many-races',
  /** (409) the race is over or cancelled. */
  raceOver: 'running/race-over',
  /** (409) as many have joined as may. */
  raceFull: 'running/race-full',
  /** (409) a race against ghosts alone: nobody else can join. */
  notInvitable: 'running/not-invitable',
  /** (409) the caller has another run in this race. */
  alreadyRacing: 'running/already-racing',
  /** (409) the run is in another race. */
  runRacesAlready: 'running/run-races-already',
  /** (503) more fixes wait here for the database than there is room for: none of these was taken. */
  fixesFull: 'running/fixes-full',
  /** (404) no such route, or somebody else's. */
  unknownRoute: 'running/unknown-route',
  /** (422) the routes are one already, or one of them is not the caller's. */
  invalidMerge: 'running/invalid-merge',
  /** (422) neither a run with a way nor a polyline that is one. */
  noWayInIt: 'running/no-way-in-it',
  /** (400) nothing is wished for. */
  noWish: 'running/no-wish',
  /** (422) what a pacing plan is for is missing, surplus or not the caller's. */
  invalidPlan: 'running/invalid-plan',
} as const;

export const invalidRunningIfMatch = (): DomainError =>
  new DomainError('malformed', RUNNING_ERROR.invalidIfMatch, 'If-Match must be a version in quotes.');
/** @param seen version by If-Match, undefined for any @throws DomainError when it is another by now */
export function assertSeen(seen: number | undefined, now: number, what: string): void {
  if (seen !== undefined && seen !== now)
    throw new DomainError(
      'stale',
      RUNNING_ERROR.stale,
      `The ${what} of version ${seen} has version ${now} by now.`,
    );
}
export const unknownRun = (): DomainError =>
  new DomainError('notFound', RUNNING_ERROR.unknownRun, 'There is no such run.');
export const notRecorded = (): DomainError =>
  new DomainError(
    'conflict',
    RUNNING_ERROR.notRecorded,
    'The run was not recorded here: it takes no fixes, events or finish.',
  );
export const runIdTaken = (): DomainError =>
  new DomainError('conflict', RUNNING_ERROR.runIdTaken, 'The id is taken: make another one.');
export const runDeleted = (): DomainError =>
  new DomainError('conflict', RUNNING_ERROR.runDeleted, 'The run of this id was deleted.');
export const invalidFixes = (faults: readonly InputFault[]): DomainError =>
  new DomainError(
    'unprocessable',
    RUNNING_ERROR.invalidFixes,
    'Some fixes cannot be read; none was stored.',
    faults,
  );
export const invalidRun = (pointer: string, detail: string): DomainError =>
  new DomainError('unprocessable', RUNNING_ERROR.invalidRun, 'The run contradicts itself.', [
    { pointer, code: 'invalid', detail },
  ]);
export const tooManyEvents = (most: number): DomainError =>
  new DomainError('conflict', RUNNING_ERROR.tooManyEvents, `A run takes ${most} presses of buttons at most.`);
export const changesGone = (): DomainError =>
  new DomainError(
    'gone',
    RUNNING_ERROR.changesGone,
    'Changes of so long ago are no longer told: read everything anew.',
  );
export const routeKnown = (): DomainError =>
  new DomainError(
    'conflict',
    RUNNING_ERROR.routeKnown,
    'The run has another route; nothing of this was taken.',
  );
export const runWithoutRoute = (): DomainError =>
  new DomainError('notFound', RUNNING_ERROR.runWithoutRoute, 'The run has no route.');
export const unknownRunner = (): DomainError =>
  new DomainError('notFound', RUNNING_ERROR.unknownRunner, 'There is no such runner.');
export const usernameTaken = (): DomainError =>
  new DomainError('conflict', RUNNING_ERROR.usernameTaken, 'Another runner has this name.', [
    { pointer: '/username', code: 'taken', detail: 'is the name of another runner' },
  ]);
export const heartRatesDisagree = (field: string): DomainError =>
  new DomainError(
    'unprocessable',
    RUNNING_ERROR.heartRatesDisagree,
    'Heart rates rise from rest over threshold to maximum.',
    [{ pointer: `/${field}`, code: 'too-low', detail: 'is not above those that have to be below it' }],
  );
export const exportNeedsTrack = (): DomainError =>
  new DomainError('conflict', RUNNING_ERROR.exportNeedsTrack, 'The run has no track that could be written.');
export const exportNeedsPlaces = (): DomainError =>
  new DomainError(
    'conflict',
    RUNNING_ERROR.exportNeedsPlaces,
    'GPX holds places, and the run has none; take TCX or FIT.',
  );
export const unknownImport = (): DomainError =>
  new DomainError('notFound', RUNNING_ERROR.unknownImport, 'There is no such import.');
export const importUnderWay = (): DomainError =>
  new DomainError('conflict', RUNNING_ERROR.importUnderWay, 'A job works on the import; cancel it first.');
export const importFileGone = (): DomainError =>
  new DomainError('conflict', RUNNING_ERROR.importFileGone, 'The file is no longer there; send it again.');
export const tooManyImports = (most: number): DomainError =>
  new DomainError(
    'conflict',
    RUNNING_ERROR.tooManyImports,
    `There are ${most} imports that have not finished, the most an account may have at once.`,
  );
/** @param detail what is wrong with the last day */
export const invalidSpan = (detail: string): DomainError =>
  new DomainError('malformed', RUNNING_ERROR.invalidSpan, 'The days asked for are no span.', [
    { pointer: '/to', code: 'invalid', detail },
  ]);
export const noThreshold = (): DomainError =>
  new DomainError(
    'unprocessable',
    RUNNING_ERROR.noThreshold,
    'There is no threshold heart rate: set one in the preferences.',
  );
export const unknownGhost = (): DomainError =>
  new DomainError('notFound', RUNNING_ERROR.unknownGhost, 'There is no such ghost.');
export const unknownGhostLink = (): DomainError =>
  new DomainError('notFound', RUNNING_ERROR.unknownGhostLink, 'There is no such link.');
export const invalidGhost = (field: string, detail: string): DomainError =>
  new DomainError('unprocessable', RUNNING_ERROR.invalidGhost, 'No such ghost can be made.', [
    { pointer: `/${field}`, code: 'invalid', detail },
  ]);
export const noGhostInIt = (field: string, detail: string): DomainError =>
  new DomainError('unprocessable', RUNNING_ERROR.noGhostInIt, 'There is nothing to race in it.', [
    { pointer: `/${field}`, code: 'no-ghost', detail },
  ]);
export const providerTerms = (): DomainError =>
  new DomainError(
    'conflict',
    RUNNING_ERROR.providerTerms,
    'The run came from another provider, whose terms allow it to be shown to its owner only. Recorded here or uploaded as a file it can be shared.',
  );
export const runIsPrivate = (): DomainError =>
  new DomainError('conflict', RUNNING_ERROR.runIsPrivate, 'Its run is private; change that first.');
export const notYoursToShare = (): DomainError =>
  new DomainError(
    'conflict',
    RUNNING_ERROR.notYoursToShare,
    'It is somebody else’s, who shared it with you.',
  );
export const tooManyGhosts = (most: number): DomainError =>
  new DomainError(
    'conflict',
    RUNNING_ERROR.tooManyGhosts,
    `There are ${most} ghosts, the most an account may have; delete one.`,
  );
export const ghostNotReady = (): DomainError =>
  new DomainError(
    'conflict',
    RUNNING_ERROR.ghostNotReady,
    'There is no curve of the ghost to race against yet.',
  );
export const unknownRace = (): DomainError =>
  new DomainError('notFound', RUNNING_ERROR.unknownRace, 'There is no such race.');
export const unknownRaceInvite = (): DomainError =>
  new DomainError('notFound', RUNNING_ERROR.unknownRaceInvite, 'There is no such invitation.');
export const invalidRace = (field: string, detail: string): DomainError =>
  new DomainError('unprocessable', RUNNING_ERROR.invalidRace, 'No such race can be made.', [
    { pointer: `/${field}`, code: 'invalid', detail },
  ]);
export const tooManyRaces = (most: number): DomainError =>
  new DomainError(
    'conflict',
    RUNNING_ERROR.tooManyRaces,
    `There are ${most} races that are not over, the most an account may have.`,
  );
export const raceOver = (): DomainError =>
  new DomainError('conflict', RUNNING_ERROR.raceOver, 'The race is over.');
export const raceFull = (): DomainError =>
  new DomainError('conflict', RUNNING_ERROR.raceFull, 'As many have joined as may.');
export const notInvitable = (): DomainError =>
  new DomainError(
    'conflict',
    RUNNING_ERROR.notInvitable,
    'Nobody else can join a race against ghosts alone.',
  );
export const alreadyRacing = (): DomainError =>
  new DomainError('conflict', RUNNING_ERROR.alreadyRacing, 'There is another run of yours in this race.');
export const runRacesAlready = (): DomainError =>
  new DomainError('conflict', RUNNING_ERROR.runRacesAlready, 'The run is in another race.');
export const fixesFull = (): DomainError =>
  new DomainError('overloaded', RUNNING_ERROR.fixesFull, 'Nothing of this was taken; send it again.', [], 5);
export const unknownRoute = (): DomainError =>
  new DomainError('notFound', RUNNING_ERROR.unknownRoute, 'There is no such route.');
export const invalidMerge = (detail: string): DomainError =>
  new DomainError('unprocessable', RUNNING_ERROR.invalidMerge, 'These routes cannot be made one.', [
    { pointer: '/routeId', code: 'invalid', detail },
  ]);
export const noWayInIt = (field: string): DomainError =>
  new DomainError('unprocessable', RUNNING_ERROR.noWayInIt, 'There is no way in it.', [
    { pointer: `/${field}`, code: 'no-way', detail: 'has no places, or too few of them for a route' },
  ]);
export const noWish = (): DomainError =>
  new DomainError('malformed', RUNNING_ERROR.noWish, 'Say at least one of distanceM, climbM and timeS.');
export const invalidPlan = (field: string, detail: string): DomainError =>
  new DomainError('unprocessable', RUNNING_ERROR.invalidPlan, 'No such plan can be made.', [
    { pointer: `/${field}`, code: 'invalid', detail },
  ]);
