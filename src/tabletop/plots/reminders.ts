import type { PlotStatus } from './plot-dependencies.js';

// What a master should think of before the next session: hooks that nobody took up, pay-offs that are due, threads that went quiet or could
// begin, events whose day is near. Told by sessions and days of the world, never by the clock: a group that pauses for a month finds the
// same list. The callers hand in what somebody may see, so the list holds nothing else.

export const REMINDER_KINDS = [
  'pay-off-due',
  'call-back',
  'unresolved-hook',
  'milestone-due',
  'event-due',
  'thread-quiet',
  'thread-ready',
] as const;
export type ReminderKind = (typeof REMINDER_KINDS)[number];

/** Sessions after which a hook without a plan, or an active thread, is called to mind. */
export const QUIET_SESSIONS = 3;
/** Days of the world before an event at which it is called to mind. */
export const EVENT_NOTICE_DAYS = 7;

/** Where the group stands. */
export interface StoryNow {
  /** Number of the last session; 0 = none yet. */
  readonly sessionNumber: number;
  /** Day of the world; null = nobody has told one. */
  readonly day: number | null;
}

export interface DueAt {
  /** In which session it is planned to come; null = not by sessions. */
  readonly dueSessionNumber: number | null;
  /** On which day of the world; null = not by days. */
  readonly dueDay: number | null;
}

export interface StoryHook extends DueAt {
  readonly id: string;
  readonly plotId: string;
  /** Number of the session in which it was planted; null = it is not planted yet. */
  readonly plantedSessionNumber: number | null;
  /** Somebody has found it. */
  readonly isDiscovered: boolean;
  readonly isPaidOff: boolean;
}

export interface StoryMilestone extends DueAt {
  readonly id: string;
  readonly plotId: string;
  readonly isReached: boolean;
}

export interface StoryThread {
  readonly id: string;
  readonly status: PlotStatus;
  /** Number of the last session that it appeared or moved in; null = none. */
  readonly lastSessionNumber: number | null;
  /** Threads that it waits for and that are still open; null = it waits for none at all. */
  readonly openPrerequisites: number | null;
}

export interface StoryEvent {
  readonly id: string;
  readonly day: number;
  readonly isOver: boolean;
}

export interface Story {
  readonly hooks: readonly StoryHook[];
  readonly milestones: readonly StoryMilestone[];
  readonly threads: readonly StoryThread[];
  readonly events: readonly StoryEvent[];
}

export interface Reminder {
  readonly kind: ReminderKind;
  /** Of the hook, milestone, thread or event. */
  readonly id: string;
  /** How far past its time, in sessions; 0 = due in the next one. */
  readonly overdueSessions: number;
  /** How far past its day; negative = so many days ahead; null = not by days. */
  readonly overdueDays: number | null;
}

/** Most urgent first: by how far past, in sessions, then in days, then in the order of `REMINDER_KINDS`, then by id. */
export function remind(story: Story, now: StoryNow): Reminder[] {
  const found = [
    ...story.hooks.map((hook) => ofHook(hook, now)),
    ...story.milestones.map((milestone) =>
      milestone.isReached ? null : dueReminder('milestone-due', milestone.id, milestone, now),
    ),
    ...story.events.map((event) => ofEvent(event, now)),
    ...story.threads.map((thread) => ofThread(thread, now)),
  ].filter((reminder) => reminder !== null);
  return found.sort(
    (one, other) =>
      other.overdueSessions - one.overdueSessions ||
      (other.overdueDays ?? 0) - (one.overdueDays ?? 0) ||
      REMINDER_KINDS.indexOf(one.kind) - REMINDER_KINDS.indexOf(other.kind) ||
      (one.id < other.id ? -1 : Number(one.id > other.id)),
  );
}

function ofHook(hook: StoryHook, now: StoryNow): Reminder | null {
  if (hook.isPaidOff || hook.plantedSessionNumber === null) return null;
  const due = dueReminder('pay-off-due', hook.id, hook, now);
  if (due !== null) return due;
  const restedSessions = now.sessionNumber - hook.plantedSessionNumber;
  // What somebody has found is expected to lead somewhere soon; what nobody found may wait for its plan.
  if (hook.isDiscovered && restedSessions >= 1) return reminder('call-back', hook.id, restedSessions - 1);
  const isPlanned = hook.dueSessionNumber !== null || hook.dueDay !== null;
  if (isPlanned || restedSessions < QUIET_SESSIONS) return null;
  return reminder('unresolved-hook', hook.id, restedSessions - QUIET_SESSIONS);
}

function ofThread(thread: StoryThread, now: StoryNow): Reminder | null {
  if (thread.status === 'planned')
    return thread.openPrerequisites === 0 ? reminder('thread-ready', thread.id, 0) : null;
  if (thread.status !== 'active') return null;
  const restedSessions = now.sessionNumber - (thread.lastSessionNumber ?? 0);
  return restedSessions < QUIET_SESSIONS
    ? null
    : reminder('thread-quiet', thread.id, restedSessions - QUIET_SESSIONS);
}

function ofEvent(event: StoryEvent, now: StoryNow): Reminder | null {
  if (event.isOver || now.day === null || event.day - now.day > EVENT_NOTICE_DAYS) return null;
  return { kind: 'event-due', id: event.id, overdueSessions: 0, overdueDays: now.day - event.day };
}

/** Due is what is planned for the next session or an earlier one, or for a day that has come. */
function dueReminder(kind: ReminderKind, id: string, at: DueAt, now: StoryNow): Reminder | null {
  const bySession =
    at.dueSessionNumber !== null && at.dueSessionNumber <= now.sessionNumber + 1
      ? now.sessionNumber + 1 - at.dueSessionNumber
      : null;
  const byDay = at.dueDay !== null && now.day !== null && at.dueDay <= now.day ? now.day - at.dueDay : null;
  if (bySession === null && byDay === null) return null;
  return { kind, id, overdueSessions: bySession ?? 0, overdueDays: byDay };
}

function reminder(kind: ReminderKind, id: string, overdueSessions: number): Reminder {
  return { kind, id, overdueSessions, overdueDays: null };
}
