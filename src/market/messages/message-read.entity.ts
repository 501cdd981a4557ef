import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ProfileEntity } from '../profiles/profile.entity.js';
import { MessageEntity } from './message.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_message_read' };

/** That a profile has read a message. Owned by the reader's account, seen by nobody else; goes with either of the two. */
@Entity({ schema: 'market', name: 'message_read', comment: 'owner=user; erase=market-personal' })
@ForeignKey(() => ProfileEntity, ['userId', 'profileId'], ['userId', 'id'], {
  name: 'fk_message_read_profile',
  onDelete: 'CASCADE',
})
@Index('ix_message_read_message', ['messageId'])
@Index('ix_message_read_user', ['userId'])
export class MessageReadEntity {
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'profile_id' })
  profileId: string;

  @ForeignKey(() => MessageEntity, { name: 'fk_message_read_message', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'message_id' })
  messageId: string;

  @Column('timestamptz', { name: 'read_at', default: () => 'now()' })
  readAt: Date;
}
