import type { Scope } from './unit-of-work.js';

/** The platform itself: relays, schedules, housekeeping, seeds. */
export const SYSTEM_SCOPE: Scope = Object.freeze({ id: '00000000-0000-7000-8000-000000000003' });
