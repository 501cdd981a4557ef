import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MARKET_ERROR } from '../market.errors.js';
import { FavouritesService } from '../profiles/favourites.service.js';
import { ProfilesService } from '../profiles/profiles.service.js';
import { insteadOf, invalidInput, itemNotFound, passOver, profileConflict } from './compat.errors.js';
import { bodyOf, textIn } from './compat-body.js';
import { COMPAT_GAME } from './compat-game.js';
import { textOf } from './compat-query.js';
import {
  type CompatHandler,
  type CompatReply,
  type CompatRequest,
  CompatResources,
  replyOf,
} from './compat-resources.service.js';
import { toCompatProfileDto } from './compat-user.mapper.js';

const MAX_NAME = 100;
const MAX_LABEL = 300;
const MAX_ID = 100;

/** Profiles and favourites of the original's `/api/user`. A profile of another account is like one that never was. */
@Injectable()
export class CompatProfilesService implements OnModuleInit {
  constructor(
    private readonly resources: CompatResources,
    private readonly profiles: ProfilesService,
    private readonly favourites: FavouritesService,
  ) {}

  onModuleInit(): void {
    const favourites = {
      GET: (request: CompatRequest) => this.listFavourites(request),
      POST: (request: CompatRequest) => this.addFavourite(request),
      DELETE: (request: CompatRequest) => this.removeFavourite(request),
    };
    const either =
      (profile: CompatHandler, favourite: CompatHandler): CompatHandler =>
      (request) =>
        textOf(request.query, 'mode') === 'favorites' ? favourite(request) : profile(request);
    this.resources.register('user', 'favorites', favourites);
    this.resources.register('user', 'profiles', {
      GET: either((request) => this.list(request), favourites.GET),
      POST: either((request) => this.create(request), favourites.POST),
      DELETE: either((request) => this.remove(request), favourites.DELETE),
    });
  }

  private async list({ principal }: CompatRequest): Promise<CompatReply> {
    return replyOf((await this.profiles.list(principal, COMPAT_GAME)).map(toCompatProfileDto));
  }

  private async create({ principal, body }: CompatRequest): Promise<CompatReply> {
    const name = textIn(bodyOf(body), 'name', MAX_NAME);
    if (name === null) throw invalidInput('Name is required');
    const made = await this.profiles
      .create(principal, COMPAT_GAME, name, undefined, toCompatProfileDto)
      .catch(insteadOf(MARKET_ERROR.profileNameTaken, profileConflict));
    return replyOf(made.body, 201);
  }

  private async remove({ principal, query }: CompatRequest): Promise<CompatReply> {
    const id = textOf(query, 'id');
    if (id === '') throw invalidInput('id is required');
    await this.profiles
      .remove(principal, { game: COMPAT_GAME, id })
      .catch(passOver(MARKET_ERROR.unknownProfile));
    return replyOf({ status: 'ok' });
  }

  private async listFavourites({ principal, query }: CompatRequest): Promise<CompatReply> {
    const profileId = textOf(query, 'profileId');
    if (profileId === '') throw invalidInput('profileId is required');
    const rows = await this.favourites
      .list(principal, { game: COMPAT_GAME, profileId })
      .catch(passOver(MARKET_ERROR.unknownProfile));
    return replyOf((rows ?? []).map(({ label }) => label));
  }

  private async addFavourite({ principal, body }: CompatRequest): Promise<CompatReply> {
    const { place, label } = favouriteIn(body);
    const isNew = await this.favourites
      .add(principal, place, { label })
      .catch(insteadOf(MARKET_ERROR.unknownItem, itemNotFound));
    return replyOf({ message: isNew ? 'Item added to favorites' : 'Item already in favorites' });
  }

  private async removeFavourite({ principal, body }: CompatRequest): Promise<CompatReply> {
    const { place, label } = favouriteIn(body);
    await this.favourites.remove(principal, place, { label }).catch(passOver(MARKET_ERROR.unknownProfile));
    return replyOf({ message: 'Item removed from favorites' });
  }
}

function favouriteIn(raw: unknown): { place: { game: string; profileId: string }; label: string } {
  const body = bodyOf(raw);
  const profileId = textIn(body, 'profileId', MAX_ID);
  const label = textIn(body, 'itemName', MAX_LABEL);
  if (profileId === null || label === null) throw invalidInput('profileId and itemName are required');
  return { place: { game: COMPAT_GAME, profileId }, label };
}
