import { DataKeyEntity } from './data-key.entity.js';

export const VAULT_ENTITIES = [DataKeyEntity] as const;
