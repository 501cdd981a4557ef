import { Injectable } from '@nestjs/common';
import { FileLinks } from '../../platform/storage/file-links.js';
import type { PictureLink } from './profiles.mapper.js';
import type { ProfileRow } from './runner-profiles.repository.js';

/** As long as that of any file: whoever may see the profile asks for it again. */
const LINK_LASTS_S = 900;

/** Links to pictures of profiles. They work without a token, since pictures are loaded by whatever shows them. */
@Injectable()
export class ProfilePictures {
  constructor(private readonly links: FileLinks) {}

  linkOf({ pictureFileId }: Pick<ProfileRow, 'pictureFileId'>, nowMs = Date.now()): PictureLink {
    if (pictureFileId === null) return null;
    return this.links.sign(pictureFileId, Math.floor(nowMs / 1_000) + LINK_LASTS_S);
  }
}
