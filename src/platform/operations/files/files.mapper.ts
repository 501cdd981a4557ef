import type { FileLink } from '../../storage/file-links.js';
import type { StoredFileRow } from '../../storage/stored-files.repository.js';
import type { FileDto } from './files.dto.js';

export function toFileDto(file: StoredFileRow, link: FileLink): FileDto {
  return {
    id: file.id,
    purpose: file.purpose,
    mediaType: file.mediaType,
    sizeBytes: file.sizeBytes,
    sha256: file.sha256.toString('hex'),
    createdAt: file.createdAt.toISOString(),
    expiresAt: file.expiresAt?.toISOString() ?? null,
    url: `/api/v1/files/${file.id}/content?expires=${link.expires}&signature=${link.signature}`,
    urlExpiresAt: new Date(link.expires * 1_000).toISOString(),
  };
}
