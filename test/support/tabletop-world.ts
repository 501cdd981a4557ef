import { randomUUID } from 'node:crypto';
import { AuditRepository } from '../../src/platform/audit/audit.repository.js';
import { Audit } from '../../src/platform/audit/audit.service.js';
import type { Principal } from '../../src/platform/auth/principal.js';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';
import { IdempotencyRepository } from '../../src/platform/http/idempotency.repository.js';
import { IdempotencyService } from '../../src/platform/http/idempotency.service.js';
import { JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { IndexOutbox } from '../../src/tabletop/search-index/index-outbox.service.js';
import { SearchServer } from '../../src/tabletop/search-index/search-server.client.js';
import { CampaignAccess } from '../../src/tabletop/campaigns/campaign-access.service.js';
import type { SeatRole } from '../../src/tabletop/campaigns/campaign-kinds.js';
import { CampaignsRepository } from '../../src/tabletop/campaigns/campaigns.repository.js';
import { CampaignsService } from '../../src/tabletop/campaigns/campaigns.service.js';
import { GrantsRepository } from '../../src/tabletop/members/grants.repository.js';
import { GrantsService } from '../../src/tabletop/members/grants.service.js';
import { InvitesRepository } from '../../src/tabletop/members/invites.repository.js';
import { InvitesService } from '../../src/tabletop/members/invites.service.js';
import { MembersRepository } from '../../src/tabletop/members/members.repository.js';
import { MembersService } from '../../src/tabletop/members/members.service.js';
import { CampaignChanges } from '../../src/tabletop/objects/campaign-changes.service.js';
import { CampaignObjects, type ObjectDraft } from '../../src/tabletop/objects/campaign-objects.service.js';
import { ChangesRepository } from '../../src/tabletop/objects/changes.repository.js';
import { ObjectReader } from '../../src/tabletop/objects/object-reader.service.js';
import { ObjectsRepository, type ObjectRow } from '../../src/tabletop/objects/objects.repository.js';
import { ObjectsService } from '../../src/tabletop/objects/objects.service.js';
import { aMember } from './notification-world.js';
import type { TestUnits } from './units.js';

/** The tabletop's core over real units of work, as its rooms' specs use it. */
export interface TabletopWorld {
  readonly access: CampaignAccess;
  readonly changes: CampaignChanges;
  readonly reader: ObjectReader;
  readonly objects: CampaignObjects;
  readonly objectRows: ObjectsRepository;
  readonly objectViews: ObjectsService;
  readonly campaigns: CampaignsService;
  readonly members: MembersService;
  readonly memberRows: MembersRepository;
  readonly invites: InvitesService;
  readonly grants: GrantsService;
  readonly idempotency: IdempotencyService;
  /** Founds a campaign. @returns its master and id */
  aCampaign(name?: string): Promise<{ master: Principal; campaignId: string }>;
  /** Seats somebody new. */
  aSeat(campaignId: string, role: SeatRole): Promise<Principal>;
  /** Makes an object as somebody who may. */
  anObject(
    by: Principal,
    campaignId: string,
    draft: Partial<ObjectDraft> & Pick<ObjectDraft, 'kind'>,
  ): Promise<ObjectRow>;
}

/** There is no search server to be told. */
const noOutbox = (): IndexOutbox =>
  new IndexOutbox(
    new SearchServer(undefined as never, { searchServer: undefined }),
    new Jobs(new JobsRepository(), { ring: () => undefined }),
  );

export function openTabletopWorld(units: TestUnits, outbox = noOutbox()): TabletopWorld {
  const campaignRows = new CampaignsRepository();
  const access = new CampaignAccess(campaignRows);
  const changeRows = new ChangesRepository();
  const changes = new CampaignChanges(changeRows, new Audit(new AuditRepository()), outbox);
  const objectRows = new ObjectsRepository();
  const reader = new ObjectReader(objectRows, campaignRows);
  const memberRows = new MembersRepository();
  const objects = new CampaignObjects(objectRows, reader, memberRows, changes);
  const idempotency = new IdempotencyService(new IdempotencyRepository());
  const campaigns = new CampaignsService(units.app, units.system, campaignRows, access, changes, idempotency);
  return {
    access,
    changes,
    reader,
    objects,
    objectRows,
    objectViews: new ObjectsService(units.app, access, objects, reader, objectRows, changeRows, changes),
    campaigns,
    members: new MembersService(
      units.app,
      units.system,
      access,
      memberRows,
      new InvitesRepository(),
      changes,
    ),
    memberRows,
    invites: new InvitesService(
      units.app,
      units.system,
      access,
      new InvitesRepository(),
      memberRows,
      changes,
      campaigns,
    ),
    grants: new GrantsService(units.app, access, reader, memberRows, new GrantsRepository(), changes),
    idempotency,
    aCampaign: async (name = 'The Sunken Bell') => {
      const master = aMember(randomUUID());
      const { body } = await campaigns.found(master, { name }, undefined);
      return { master, campaignId: body.id };
    },
    aSeat: async (campaignId, role) => {
      const person = aMember(randomUUID());
      await units.system.run(SYSTEM_SCOPE, (tx) =>
        memberRows.insertSeat(tx, campaignId, { userId: person.id, role, displayName: `A ${role}` }),
      );
      return person;
    },
    anObject: (by, campaignId, draft) =>
      units.app.run(by, async (tx) =>
        objects.create(tx, by, await access.require(tx, by, campaignId), {
          name: `Thing ${randomUUID().slice(0, 8)}`,
          details: {},
          ...draft,
        }),
      ),
  };
}
