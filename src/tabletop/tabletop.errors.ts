import { DomainError } from '../platform/http/domain-error.js';
import type { InputFault } from '../platform/http/input-fault.js';
import type { SeatRole } from './campaigns/campaign-kinds.js';

/** Codes of this domain; each is reached by a test. HTTP status in brackets. */
export const TABLETOP_ERROR = {
  /** (400) an If-Match that is no version. */
  invalidIfMatch: 'tabletop/invalid-if-match',
  /** (412) it has another version by now. */
  stale: 'tabletop/stale',
  /** (404) no such campaign, or one at whose table the caller does not sit. */
  unknownCampaign: 'tabletop/unknown-campaign',
  /** (403) the caller sits at the table, but may not do this there. */
  roleTooLow: 'tabletop/role-too-low',
  /** (404) no such object, or one that is not shown to the caller. */
  unknownObject: 'tabletop/unknown-object',
  /** (422) the thing around it is not of this campaign, or not there. */
  invalidParent: 'tabletop/invalid-parent',
  /** (422) it is to be shown to, owned by or lent to somebody who does not sit at the table. */
  notAMember: 'tabletop/not-a-member',
  /** (404) nobody of this id sits at the table. */
  unknownMember: 'tabletop/unknown-member',
  /** (409) the campaign's owner keeps a master's seat. */
  ownerStays: 'tabletop/owner-stays',
  /** (404) no such invitation: never made, taken back, ended or used up. */
  unknownInvite: 'tabletop/unknown-invite',
  /** (409) the caller sits at the table already. */
  alreadySeated: 'tabletop/already-seated',
  /** (409) as many as there may be. */
  tooMany: 'tabletop/too-many',
  /** (404) no such grant. */
  unknownGrant: 'tabletop/unknown-grant',
  /** (404) no such secret, or one that is not shown to the caller. */
  unknownSecret: 'tabletop/unknown-secret',
  /** (409) an object of this id is there already. */
  objectIdTaken: 'tabletop/object-id-taken',
  /** (422) a tone that is more than a few short texts. */
  invalidTone: 'tabletop/invalid-tone',
  /** (404) no such term in the shipped reference. */
  unknownReference: 'tabletop/unknown-reference',
  /** (404) the campaign has no Discord channel. */
  unknownDiscordChannel: 'tabletop/unknown-discord-channel',
  /** (422) an address that is none of a webhook of Discord. */
  invalidWebhook: 'tabletop/invalid-webhook',
  /** (409) the party does not see what is to be posted to it. */
  notForParty: 'tabletop/not-for-party',
  /** (422) nothing to post, or more than a channel should bear. */
  nothingToPost: 'tabletop/nothing-to-post',
  /** (422) a search without a letter, a digit or anything that narrows it. */
  emptySearch: 'tabletop/empty-search',
  /** (422) what would be kept in the clear quotes a secret. */
  quotesSecret: 'tabletop/quotes-secret',
  /** (404) no such correction. */
  unknownCorrection: 'tabletop/unknown-correction',
  /** (404) no such saved search of one's own. */
  unknownSavedSearch: 'tabletop/unknown-saved-search',
  /** (422) a file that no reader takes; the fault's code says why. */
  importRefused: 'tabletop/import-refused',
  /** (413) a file that is larger than what is taken. */
  importTooLarge: 'tabletop/import-too-large',
  /** (409) the same sheet was brought a moment ago. */
  importMoved: 'tabletop/import-moved',
  /** (404) no such import, or one that is not shown to the caller. */
  unknownImport: 'tabletop/unknown-import',
  /** (403) the campaign's masters want nothing taken along. */
  exportsOff: 'tabletop/exports-off',
  /** (404) no such link, or one of which an end or it itself is not shown to the caller. */
  unknownLink: 'tabletop/unknown-link',
  /** (409) the id is taken, or there is one between the two already, and of its kind there is but one. */
  linkExists: 'tabletop/link-exists',
  /** (422) no such link can be made. */
  invalidLink: 'tabletop/invalid-link',
  /** (409) the only event of a relation stays. */
  lastEvent: 'tabletop/last-event',
  /** (422) a sheet that is not as its system has it. */
  invalidSheet: 'tabletop/invalid-sheet',
  /** (413) a sheet of more characters than one may have. */
  sheetTooLarge: 'tabletop/sheet-too-large',
  /** (422) a place would lie within itself. */
  placeInItself: 'tabletop/place-in-itself',
  /** (422) a place would lie in something that is no place of its campaign. */
  notAPlace: 'tabletop/not-a-place',
  /** (409) threads of a story would wait for each other in a circle. */
  plotCircle: 'tabletop/plot-circle',
  /** (422) a calendar that cannot work, although each of its fields may be. */
  invalidCalendar: 'tabletop/invalid-calendar',
  /** (422) a date or a day that the campaign's calendar does not have. */
  noSuchDay: 'tabletop/no-such-day',
  /** (409) another session has this number. */
  sessionNumberTaken: 'tabletop/session-number-taken',
  /** (404) no such milestone or hook, or one that is not shown to the caller. */
  unknownBeat: 'tabletop/unknown-beat',
  /** (404) no such pin or token, or one that is not shown to the caller. */
  unknownMarker: 'tabletop/unknown-marker',
  /** (422) a file that is no Universal VTT map, or too much of one. */
  unreadableMap: 'tabletop/unreadable-map',
  /** (422) JSON that is no Foundry scene. */
  unreadableScene: 'tabletop/unreadable-scene',
  /** (404) a system of rules that is not shipped. */
  unknownSystem: 'tabletop/unknown-system',
  /** (404) no such proposal, or one that is neither the caller's nor theirs to decide. */
  unknownProposal: 'tabletop/unknown-proposal',
  /** (409) what the proposal would change has been changed since, or it was decided otherwise. */
  staleProposal: 'tabletop/stale-proposal',
  /** (404) a character carries no such thing. */
  unknownEntry: 'tabletop/unknown-entry',
  /** (422) more than there is, or to whom it belongs already. */
  invalidTransfer: 'tabletop/invalid-transfer',
  /** (404) no such generator. */
  unknownGenerator: 'tabletop/unknown-generator',
  /** (404) no such draft, or one of a campaign of which the caller is no master. */
  unknownGeneration: 'tabletop/unknown-generation',
  /** (422) a generator is told what it does not know. */
  invalidInputs: 'tabletop/invalid-inputs',
  /** (409) a draft that is still written, was taken over or was discarded. */
  generationClosed: 'tabletop/generation-closed',
  /** (422) players are to see what was made for masters alone. */
  wrongAudience: 'tabletop/wrong-audience',
  /** (422) a table with faults; each is told with its place. */
  invalidTable: 'tabletop/invalid-table',
  /** (422) a file without tables. */
  invalidTableFile: 'tabletop/invalid-table-file',
  /** (422) values of variables that are none. */
  invalidVariables: 'tabletop/invalid-variables',
  /** (422) a table gives no result: a value is missing, another table is not there, no row applies. */
  rollFailed: 'tabletop/roll-failed',
} as const;

export const invalidTabletopIfMatch = (): DomainError =>
  new DomainError(
    'malformed',
    TABLETOP_ERROR.invalidIfMatch,
    'If-Match must be an ETag that this API has sent, such as "3".',
  );

/** @throws DomainError when the caller has seen another version */
export function assertSeen(version: number, seen: number | undefined): void {
  if (seen !== undefined && seen !== version) throw staleObject(version);
}

export const staleObject = (version: number): DomainError =>
  new DomainError('stale', TABLETOP_ERROR.stale, `It has version ${version} by now.`);

export const unknownCampaign = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownCampaign, 'There is no such campaign.');

const ROLE_NAMES: Readonly<Record<SeatRole, string>> = {
  gm: 'a game master',
  player: 'a player',
  observer: 'a member',
};

export const roleTooLow = (least: SeatRole): DomainError =>
  new DomainError(
    'forbidden',
    TABLETOP_ERROR.roleTooLow,
    `Only ${ROLE_NAMES[least]} of the campaign may do this.`,
  );

export const unknownObject = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownObject, 'There is no such object.');

export const invalidParent = (): DomainError =>
  new DomainError(
    'unprocessable',
    TABLETOP_ERROR.invalidParent,
    'The object around it is not one of this campaign.',
    [{ pointer: '/parentId', code: 'unknown', detail: 'is no object of this campaign' }],
  );

export const notAMember = (pointer: string): DomainError =>
  new DomainError('unprocessable', TABLETOP_ERROR.notAMember, 'Somebody does not sit at this table.', [
    { pointer, code: 'unknown', detail: 'names somebody who is no member of the campaign' },
  ]);

export const unknownMember = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownMember, 'There is no such member.');

export const ownerStays = (): DomainError =>
  new DomainError(
    'conflict',
    TABLETOP_ERROR.ownerStays,
    'Whoever owns the campaign is one of its game masters.',
  );

export const unknownInvite = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownInvite, 'There is no such invitation, or it has ended.');

export const alreadySeated = (): DomainError =>
  new DomainError('conflict', TABLETOP_ERROR.alreadySeated, 'You sit at this table already.');

export const tooMany = (most: number, what: string): DomainError =>
  new DomainError('conflict', TABLETOP_ERROR.tooMany, `There may be at most ${most} ${what}.`);

export const unknownGrant = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownGrant, 'There is no such grant.');

export const unknownSecret = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownSecret, 'There is no such secret.');

export const objectIdTaken = (): DomainError =>
  new DomainError('conflict', TABLETOP_ERROR.objectIdTaken, 'An object of this id is there already.');

export const unknownDiscordChannel = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownDiscordChannel, 'The campaign has no Discord channel.');

export const invalidWebhook = (): DomainError =>
  new DomainError(
    'unprocessable',
    TABLETOP_ERROR.invalidWebhook,
    'The address is none of a webhook of Discord.',
    [
      {
        pointer: '/url',
        code: 'invalid',
        detail: 'must be https://discord.com/api/webhooks/ with an id and a token',
      },
    ],
  );

export const notForParty = (): DomainError =>
  new DomainError(
    'conflict',
    TABLETOP_ERROR.notForParty,
    'The party does not see the session: show it to them first.',
  );

export const nothingToPost = (most: number): DomainError =>
  new DomainError(
    'unprocessable',
    TABLETOP_ERROR.nothingToPost,
    `The session says nothing, or more than ${most} messages hold.`,
  );

export const importRefused = (code: string, detail: string): DomainError =>
  new DomainError('unprocessable', TABLETOP_ERROR.importRefused, detail, [{ pointer: '', code, detail }]);

export const importTooLarge = (detail: string): DomainError =>
  new DomainError('tooLarge', TABLETOP_ERROR.importTooLarge, detail);

export const importMoved = (): DomainError =>
  new DomainError(
    'conflict',
    TABLETOP_ERROR.importMoved,
    'The same sheet was brought a moment ago; bring it again.',
  );

export const unknownTabletopImport = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownImport, 'There is no such import.');

export const exportsOff = (): DomainError =>
  new DomainError('forbidden', TABLETOP_ERROR.exportsOff, 'This campaign is not to be taken along.');

export const invalidTone = (): DomainError =>
  new DomainError(
    'unprocessable',
    TABLETOP_ERROR.invalidTone,
    'The tone is not a few short texts by their names.',
    [{ pointer: '/tone', code: 'invalid', detail: 'must be at most 20 texts of at most 500 characters' }],
  );

export const unknownReference = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownReference, 'There is no such term in the reference.');

export const unknownLink = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownLink, 'There is no such link.');

export const linkExists = (): DomainError =>
  new DomainError('conflict', TABLETOP_ERROR.linkExists, 'There is such a link already.');

export const invalidLink = (pointer: string, detail: string): DomainError =>
  new DomainError('unprocessable', TABLETOP_ERROR.invalidLink, 'No such link can be made.', [
    { pointer, code: 'invalid', detail },
  ]);

export const lastEvent = (): DomainError =>
  new DomainError(
    'conflict',
    TABLETOP_ERROR.lastEvent,
    'It is the only event of the relation; delete the relation instead.',
  );

export const invalidSheet = (faults: readonly InputFault[]): DomainError =>
  new DomainError(
    'unprocessable',
    TABLETOP_ERROR.invalidSheet,
    'The sheet is not as its system has it.',
    faults,
  );

export const sheetTooLarge = (most: number): DomainError =>
  new DomainError(
    'tooLarge',
    TABLETOP_ERROR.sheetTooLarge,
    `A sheet may have at most ${most} characters of JSON.`,
  );

export const placeInItself = (): DomainError =>
  new DomainError(
    'unprocessable',
    TABLETOP_ERROR.placeInItself,
    'A place cannot lie within itself, or within a place that lies in it.',
    [{ pointer: '/parentId', code: 'circle', detail: 'lies within what is moved' }],
  );

export const notAPlace = (): DomainError =>
  new DomainError('unprocessable', TABLETOP_ERROR.notAPlace, 'A place lies in a place of its campaign.', [
    { pointer: '/parentId', code: 'unknown', detail: 'is no location of this campaign' },
  ]);

export const plotCircle = (): DomainError =>
  new DomainError(
    'conflict',
    TABLETOP_ERROR.plotCircle,
    'The thread would wait for itself, over those that it waits for.',
  );

export const invalidCalendar = (pointer: string, detail: string): DomainError =>
  new DomainError('unprocessable', TABLETOP_ERROR.invalidCalendar, 'The calendar would not work.', [
    { pointer, code: 'invalid', detail },
  ]);

export const noSuchDay = (pointer: string): DomainError =>
  new DomainError(
    'unprocessable',
    TABLETOP_ERROR.noSuchDay,
    'The calendar of the campaign has no such day.',
    [{ pointer, code: 'unknown', detail: 'is no day of the calendar' }],
  );

export const sessionNumberTaken = (number: number): DomainError =>
  new DomainError('conflict', TABLETOP_ERROR.sessionNumberTaken, `There is a session ${number} already.`);

export const unknownBeat = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownBeat, 'There is no such milestone or hook.');

export const unknownMarker = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownMarker, 'There is no such pin or token.');

export const unreadableMap = (detail: string): DomainError =>
  new DomainError('unprocessable', TABLETOP_ERROR.unreadableMap, `The file is no battle map: ${detail}.`);

export const unreadableScene = (detail: string): DomainError =>
  new DomainError('unprocessable', TABLETOP_ERROR.unreadableScene, `It is no Foundry scene: ${detail}.`);
export const emptySearch = (): DomainError =>
  new DomainError(
    'unprocessable',
    TABLETOP_ERROR.emptySearch,
    'Say what to search for: at least one letter or digit, or something that narrows the search.',
    [{ pointer: '/q', code: 'empty', detail: 'has no letter and no digit' }],
  );

/** The words themselves stay out of it: errors are logged. @param pointer where they stood */
export const quotesSecret = (pointer: string): DomainError =>
  new DomainError(
    'unprocessable',
    TABLETOP_ERROR.quotesSecret,
    'It quotes a secret, and would be kept where secrets are not: leave out the words that only the secret has.',
    [{ pointer, code: 'quotes-secret', detail: 'holds words of a secret' }],
  );

export const unknownCorrection = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownCorrection, 'There is no such correction.');

export const unknownSavedSearch = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownSavedSearch, 'There is no such saved search.');

export const unknownProposal = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownProposal, 'There is no such proposal.');

export const staleProposal = (): DomainError =>
  new DomainError(
    'conflict',
    TABLETOP_ERROR.staleProposal,
    'What it would change has been changed since, or it was decided otherwise; propose it anew.',
  );

export const unknownEntry = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownEntry, 'The character carries no such thing.');

export const invalidTransfer = (pointer: string, detail: string): DomainError =>
  new DomainError('unprocessable', TABLETOP_ERROR.invalidTransfer, 'This cannot be handed over.', [
    { pointer, code: 'invalid', detail },
  ]);

export const unknownSystem = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownSystem, 'There is no such system.');
