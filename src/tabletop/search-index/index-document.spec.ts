import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CAMPAIGN_LANGUAGES } from '../campaigns/campaign-kinds.js';
import { NameModelReader } from '../search/name-model.reader.js';
import { namePieces, toIndexDocument } from './index-document.js';
import { INDEX_LAYOUT } from './index-layout.js';

const NAMES = [
  'Ulssin Gloomburn',
  'Schnörkelmühle',
  'Jiménez',
  'Ghislieri',
  'van den Broeck',
  'Guimarães',
  'Éowyn of Perrault',
];
/** Of what names of each language are taken to by this layout. */
const PIECES_OF_LAYOUT = { 1: '57f3ef09127bce12' };

describe('a document', () => {
  // Where this fails, what names are taken to has changed: raise INDEX_LAYOUT, and write its digest here.
  it('holds pieces of names by numbers that belong to the layout', async () => {
    const models = new NameModelReader();
    const hash = createHash('sha256');
    for (const language of CAMPAIGN_LANGUAGES) {
      const ear = await models.read(language);
      for (const name of NAMES) hash.update(`${namePieces([ear.compared(name)])}\n`);
    }
    expect({ [INDEX_LAYOUT]: hash.digest('hex').slice(0, 16) }).toEqual(PIECES_OF_LAYOUT);
  });

  it('of what is deleted says nothing but that it was there', () => {
    const row = {
      id: 'id', campaignId: 'campaign', seq: '7', isDeleted: true, kind: 'note', name: 'Gone', aliases: [], summary: 'Gone', body: 'Gone',
      details: { text: 'Gone' }, tags: ['gone'], visibility: 'party', shownTo: ['somebody'], ownerId: 'owner', heard: ['gone'], heardByMasters: null,
    } as const; // prettier-ignore
    const document = toIndexDocument(row, 'en', true, {
      compared: () => {
        throw new Error('nothing is heard');
      },
    });
    expect(document).toEqual({ id: 'id', campaign_id: 'campaign', change: 7, is_deleted: true });
  });
});
