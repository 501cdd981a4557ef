import type { Entities } from '../platform/database/database.module.js';

/** Tables of the tabletop. */
export const TABLETOP_ENTITIES: Entities = [];
