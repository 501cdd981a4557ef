import { SetMetadata } from '@nestjs/common';

export const PROVIDES_SOURCES_METADATA = 'guildhall:provides-sources';

/** Declares the provider (a `SourceProvider`) as one whose sources are synchronised. */
export const ProvidesSources = (): ClassDecorator => SetMetadata(PROVIDES_SOURCES_METADATA, true);
