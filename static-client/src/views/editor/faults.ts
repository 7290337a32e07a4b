/** Where in the editor the faults of a refused save belong. Pointers are RFC 6901, into what was sent. */
import type { Fault } from '../../server/problem';
import type { Draft } from './draft';

export interface Refusal {
  readonly draft: Draft;
  readonly faults: readonly Fault[];
}

/** Faults that still hold: the item they are about is as it was when the save was refused. */
export function standing(refusal: Refusal | undefined, draft: Draft): readonly Fault[] {
  if (!refusal) {
    return [];
  }
  return refusal.faults.filter(({ pointer }) => {
    const item = segmentsOf(pointer).slice(0, 4);
    return JSON.stringify(valueAt(refusal.draft, item)) === JSON.stringify(valueAt(draft, item));
  });
}

/** Texts of the faults at the pointer or below it. */
export function faultsUnder(faults: readonly Fault[], pointer: string): string[] {
  const found = faults.filter(
    (fault) => fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`),
  );
  return [...new Set(found.map(({ detail }) => detail))];
}

/** Texts of the faults under `pointer` that none of the fields named shows. */
export function faultsBeside(faults: readonly Fault[], pointer: string, shown: readonly string[]): string[] {
  const rest = faults.filter(
    (fault) => !shown.some((name) => faultsUnder([fault], `${pointer}/${name}`).length > 0),
  );
  return faultsUnder(rest, pointer);
}

/** Faults that belong to no place of the editor. */
export function faultsElsewhere(faults: readonly Fault[]): string[] {
  const places = ['/name', '/description', '/visibility', '/definition/jql'];
  const lists = /^\/definition\/(columns|groups|sort)\/\d+(\/|$)/;
  const left = faults.filter(
    ({ pointer }) => !places.some((place) => pointer.startsWith(place)) && !lists.test(pointer),
  );
  return left.map(({ pointer, detail }) => (pointer ? `${pointer}: ${detail}` : detail));
}

function segmentsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(value: unknown, segments: readonly string[]): unknown {
  return segments.reduce<unknown>(
    (inside, segment) =>
      typeof inside === 'object' && inside !== null
        ? (inside as Readonly<Record<string, unknown>>)[segment]
        : undefined,
    value,
  );
}
