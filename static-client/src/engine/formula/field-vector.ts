import type { CodeColumn } from '../column/code-column';
import type { FieldColumn } from '../column/column';
import type { FieldMetadata } from '../protocol';
import type { Type } from './functions';
import { type Numbers, type Texts, textsFrom, type Vector } from './vector';

/** What a field is to a formula: a number, a day, a moment, a condition, and the name of all else. */
export function typeOfField({ kind, multiple }: Pick<FieldMetadata, 'kind' | 'multiple'>): Type {
  if (kind === 'date' || kind === 'datetime' || kind === 'boolean') return kind;
  if (kind === 'number' || kind === 'duration' || kind === 'progress') return 'number';
  return multiple ? 'list' : 'text';
}

/** A field's column as values of its type; durations are seconds. */
export function fieldVector(column: FieldColumn, type: Type): Vector {
  if (column.shape === 'number') return { shape: 'numbers', values: column.values(), step: 1 };
  if (type === 'boolean') return conditions(column);
  const codes = column.codes();
  const offsets = column.offsets();
  const texts = column.dictionary.names;
  if (type === 'list') return { shape: 'lists', codes, offsets, texts, step: 1 };
  return offsets ? joinedNames(column) : { shape: 'texts', codes, texts, step: 1 };
}

function conditions(column: CodeColumn): Numbers {
  const values = Float64Array.from(column.codes(), (code) => {
    return code === 0 ? Number.NaN : Number(column.dictionary.name(code) === 'Yes');
  });
  return { shape: 'numbers', values, step: 1 };
}

/** A field of one value that came with several all the same. */
function joinedNames(column: CodeColumn): Texts {
  const { dictionary } = column;
  const rows: Numbers = { shape: 'numbers', values: new Float64Array(column.length), step: 1 };
  return textsFrom([rows], column.length, (row) =>
    column
      .at(row)
      .map((code) => dictionary.name(code))
      .join(', '),
  );
}
