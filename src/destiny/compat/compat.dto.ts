import { ApiProperty } from '@nestjs/swagger';

// Answers in the original's shapes and names.

export class CompatAuthUrlDto {
  auth_url: string;
}

export class CompatTokenDto {
  @ApiProperty({ enum: ['success'] })
  status: string;
  /** The token that came with the request. */
  access_token: string;
  @ApiProperty({ enum: ['bearer'] })
  token_type: string;
  /** Seconds that it still holds. */
  @ApiProperty({ type: 'integer' })
  expires_in: number;
}

export class CompatVerifyDto {
  @ApiProperty({ enum: ['ok'] })
  status: string;
  @ApiProperty({ type: String, nullable: true })
  bungie_id: string | null;
}

export class CompatUserDto {
  @ApiProperty({ format: 'uuid' })
  user_uuid: string;
}

export class CompatDestinyProfileDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  bungie_id: string;
  @ApiProperty({ type: 'integer', nullable: true })
  membership_type: number | null;
  @ApiProperty({ type: String, nullable: true })
  membership_id: string | null;
  @ApiProperty({ type: String, nullable: true })
  display_name: string | null;
  @ApiProperty({ type: String, nullable: true })
  updated_at: string | null;
}

export class CompatDestinyConversationDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  user_bungie_id: string;
  title: string;
  created_at: string;
  updated_at: string;
  archived: boolean;
}

export class CompatDestinyMessageDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ enum: ['user', 'assistant'] })
  role: string;
  content: string;
  timestamp: string;
  @ApiProperty({ type: 'integer' })
  order_index: number;
}

export class CompatSaidDto {
  @ApiProperty({ enum: ['assistant'] })
  role: string;
  content: string;
}

export class CompatChatDto {
  message: CompatSaidDto;
  @ApiProperty({ format: 'uuid' })
  conversation_id: string;
  @ApiProperty({ type: String, nullable: true })
  response_id: string | null;
  @ApiProperty({ type: Boolean, nullable: true })
  data_refreshed: boolean | null;
  @ApiProperty({ type: String, nullable: true })
  last_updated: string | null;
}

export class CompatModelDto {
  id: string;
}

export class CompatModelsDto {
  models: CompatModelDto[];
}

export class CompatResultDto {
  result: string;
}

export class CompatObjectiveDto {
  description: string;
  @ApiProperty({ type: 'integer' })
  progress: number;
  @ApiProperty({ type: 'integer' })
  completion: number;
  complete: boolean;
}

export class CompatCatalystDto {
  name: string;
  description: string;
  weapon_type: string;
  objectives: CompatObjectiveDto[];
  complete: boolean;
  /** 0 to 100. */
  progress: number;
  @ApiProperty({ type: 'integer' })
  record_hash: number;
}
