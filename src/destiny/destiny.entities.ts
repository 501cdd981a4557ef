import { WishListNoteEntity } from './wish-lists/wish-list-note.entity.js';
import { WishListRollEntity } from './wish-lists/wish-list-roll.entity.js';
import { WishListEntity } from './wish-lists/wish-list.entity.js';

/** Tables of Destiny. */
export const DESTINY_ENTITIES = [WishListEntity, WishListNoteEntity, WishListRollEntity] as const;
