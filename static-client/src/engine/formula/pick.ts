import { IntVector } from '../column/vector';
import { type Lists, NO_NUMBER, type Numbers, numberAt, type Texts, type Vector } from './vector';

/** Of several vectors of one shape, for each row the value of the one that `places` names. */
export function pick(vectors: readonly Vector[], places: Uint8Array, step: 0 | 1): Vector {
  const shape = vectors[0]?.shape;
  if (shape === 'numbers') return pickNumbers(vectors as readonly Numbers[], places, step);
  if (shape === 'texts') return pickTexts(vectors as readonly Texts[], places, step);
  return shape === 'lists' ? pickLists(vectors as readonly Lists[], places, step) : NO_NUMBER;
}

function pickNumbers(vectors: readonly Numbers[], places: Uint8Array, step: 0 | 1): Numbers {
  const values = new Float64Array(places.length);
  for (let row = 0; row < values.length; row++) {
    values[row] = numberAt(vectors[places[row] as number] as Numbers, row);
  }
  return { shape: 'numbers', values, step };
}

function pickTexts(vectors: readonly Texts[], places: Uint8Array, step: 0 | 1): Texts {
  const { texts, bases } = stacked(vectors);
  const codes = new Int32Array(places.length);
  for (let row = 0; row < codes.length; row++) {
    const place = places[row] as number;
    const vector = vectors[place] as Texts;
    codes[row] = (bases[place] as number) + (vector.codes[row * vector.step] as number);
  }
  return { shape: 'texts', codes, texts, step };
}

function pickLists(vectors: readonly Lists[], places: Uint8Array, step: 0 | 1): Lists {
  const { texts, bases } = stacked(vectors);
  const codes = new IntVector();
  const offsets = new Int32Array(places.length + 1);
  for (let row = 0; row < places.length; row++) {
    const place = places[row] as number;
    const vector = vectors[place] as Lists;
    const at = row * vector.step;
    const from = vector.offsets ? (vector.offsets[at] as number) : at;
    const to = vector.offsets ? (vector.offsets[at + 1] as number) : at + 1;
    for (let index = from; index < to; index++) {
      codes.push((bases[place] as number) + (vector.codes[index] as number));
    }
    offsets[row + 1] = codes.length;
  }
  return { shape: 'lists', codes: codes.view(), offsets, texts, step };
}

/** All dictionaries one after the other, and where each begins. */
function stacked(vectors: readonly (Texts | Lists)[]): {
  readonly texts: readonly string[];
  readonly bases: readonly number[];
} {
  const bases: number[] = [];
  let texts: readonly string[] = [];
  for (const vector of vectors) {
    bases.push(texts.length);
    texts = texts.length === 0 ? vector.texts : texts.concat(vector.texts);
  }
  return { texts, bases };
}
