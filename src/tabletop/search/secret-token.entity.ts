import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { SecretEntity } from '../secrets/secret.entity.js';

/** Words of a secret as they can be found and not read: keyed digests. Touched by the platform's role alone; goes with the secret. */
@Entity({ schema: 'tabletop', name: 'secret_token', comment: 'owner=none; erase=tabletop-campaigns' })
@Index('ix_secret_token_campaign', ['campaignId'])
export class SecretTokenEntity {
  @PrimaryColumn('uuid', { name: 'secret_id', primaryKeyConstraintName: 'pk_secret_token' })
  @ForeignKey(() => SecretEntity, { name: 'fk_secret_token_secret', onDelete: 'CASCADE' })
  secretId: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  /** Of the secret, when its words were digested. */
  @Column('integer', { name: 'secret_version' })
  secretVersion: number;

  @Column('bytea', { array: true })
  tokens: Buffer[];
}
