import type { FileReading } from './activity-collector.js';
import { GpxHandler } from './gpx-handler.js';
import { ImportRefusal } from './import-refusal.js';
import type { ReadLimits } from './read-limits.js';
import { TcxHandler } from './tcx-handler.js';
import type { XmlHandler } from './xml-handler.js';

/** The first tag says which vocabulary it is. */
export class XmlRootHandler implements XmlHandler {
  private chosen: GpxHandler | TcxHandler | null = null;

  constructor(private readonly limits: ReadLimits) {}

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.chosen ??= this.choose(name);
    this.chosen.open(name, attributes);
  }

  close(name: string): void {
    this.chosen!.close(name);
  }

  text(text: string): void {
    this.chosen?.text(text);
  }

  /** @throws ImportRefusal where nothing can be taken */
  finish(): FileReading {
    return this.chosen!.finish();
  }

  private choose(name: string): GpxHandler | TcxHandler {
    if (name === 'gpx') return new GpxHandler(this.limits);
    if (name === 'TrainingCenterDatabase') return new TcxHandler(this.limits);
    throw new ImportRefusal('wrong-root');
  }
}
