import { Injectable } from '@nestjs/common';
import type { CompatAnswer } from './compat-error.js';
import type { Problem } from './problem.js';

type ToldBy = (problem: Problem, error: unknown) => CompatAnswer;

/**
 * How a compat mount says what goes wrong before any of its controllers is reached: a body that is no JSON or too large, an address that is
 * none. A mount that has a shape of its own says so when the program starts; a longer path counts before a shorter one.
 */
@Injectable()
export class CompatShapes {
  private readonly shapes: { readonly path: string; readonly tellBy: ToldBy }[] = [];

  /** @param path below which it holds, with a slash at its end */
  add(path: string, tellBy: ToldBy): void {
    this.shapes.push({ path, tellBy });
    this.shapes.sort((a, b) => b.path.length - a.path.length);
  }

  /** Undefined where the mount has none: the usual one of the originals holds. */
  find(path: string): ToldBy | undefined {
    return this.shapes.find((shape) => path.startsWith(shape.path))?.tellBy;
  }
}
