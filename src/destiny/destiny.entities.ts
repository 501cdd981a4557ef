import { SheetTabEntity } from './sheets/sheet-tab.entity.js';

/** Tables of Destiny. */
export const DESTINY_ENTITIES = [SheetTabEntity] as const;
