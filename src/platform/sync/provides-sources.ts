import { SetMetadata } from '@nestjs/common';

export const PROVIDES_SOURCES_METADATA = 'guildhall:provides-sources';

/** Declares the provider (a `SourceProvider`) as one whose sources are synchronised. */
export const ProvidesSources = (): ClassDecorator => SetMetadata(PROVIDES_SOURCES_METADATA, true);

export const PROVIDES_SOURCE_FAMILY_METADATA = 'guildhall:provides-source-family';

/** Declares the provider as a `SourceFamily`. */
export const ProvidesSourceFamily = (): ClassDecorator => SetMetadata(PROVIDES_SOURCE_FAMILY_METADATA, true);
