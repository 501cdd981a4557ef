import { StoredFileEntity } from './stored-file.entity.js';

export const STORAGE_ENTITIES = [StoredFileEntity] as const;
