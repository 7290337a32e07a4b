import { IntVector } from '../column/vector';
import { groupCount, type Level } from '../group/level';
import { type Lists, type Numbers, numberAt, type Texts, textAt, type Vector } from './vector';

/** For each group the one value that all its rows with a value share, else none; of lists all values, each once. */
export function commonValues(vector: Vector, level: Level): Vector {
  if (vector.shape === 'numbers') return commonNumbers(vector, level);
  return vector.shape === 'texts' ? commonTexts(vector, level) : allValues(vector, level);
}

function rowsOf({ rows, starts }: Level, group: number): Int32Array {
  return rows.subarray(starts[group] ?? 0, starts[group + 1] ?? 0);
}

function commonNumbers(numbers: Numbers, level: Level): Numbers {
  const values = new Float64Array(groupCount(level)).fill(Number.NaN);
  for (let group = 0; group < values.length; group++) {
    for (const row of rowsOf(level, group)) {
      const value = numberAt(numbers, row);
      if (Number.isNaN(value) || value === values[group]) continue;
      const first = Number.isNaN(values[group]);
      values[group] = first ? value : Number.NaN;
      if (!first) break;
    }
  }
  return { shape: 'numbers', values, step: 1 };
}

function commonTexts(vector: Texts, level: Level): Texts {
  const codes = new Int32Array(groupCount(level));
  for (let group = 0; group < codes.length; group++) {
    let shared = '';
    for (const row of rowsOf(level, group)) {
      const text = textAt(vector, row);
      if (text === '' || text === shared) continue;
      codes[group] = shared === '' ? (vector.codes[row * vector.step] ?? 0) : 0;
      if (shared !== '') break;
      shared = text;
    }
  }
  return { shape: 'texts', codes, texts: vector.texts, step: 1 };
}

function allValues({ codes, offsets, texts, step }: Lists, level: Level): Lists {
  const gathered = new IntVector();
  const starts = new Int32Array(groupCount(level) + 1);
  for (let group = 0; group + 1 < starts.length; group++) {
    const distinct = new Set<number>();
    for (const row of rowsOf(level, group)) {
      const at = row * step;
      const end = offsets ? (offsets[at + 1] ?? 0) : at + 1;
      for (let index = offsets ? (offsets[at] ?? 0) : at; index < end; index++) {
        distinct.add(codes[index] ?? 0);
      }
    }
    distinct.delete(0);
    for (const code of distinct) gathered.push(code);
    starts[group + 1] = gathered.length;
  }
  return { shape: 'lists', codes: gathered.view(), offsets: starts, texts, step: 1 };
}
