import { CodeColumn } from '../column/code-column';
import type { FieldColumn } from '../column/column';
import { Dictionary } from '../column/dictionary';
import { NumberColumn } from '../column/number-column';
import { IntVector } from '../column/vector';
import type { EngineContext, FieldKind } from '../protocol';
import type { Type } from './functions';
import type { Lists, Numbers, Texts, Vector } from './vector';

const KINDS: Readonly<Record<Type, FieldKind>> = {
  number: 'number',
  date: 'date',
  datetime: 'datetime',
  boolean: 'boolean',
  text: 'text',
  list: 'label',
  any: 'text',
};

/** The kind of field that a formula of a type is sorted, grouped and shown as. */
export function kindOfType(type: Type): FieldKind {
  return KINDS[type];
}

/** A formula's values as a column like a field's. */
export function formulaColumn(vector: Vector, type: Type, size: number, context: EngineContext): FieldColumn {
  const kind = kindOfType(type);
  if (vector.shape === 'texts') return textColumn(vector, size, context);
  if (vector.shape === 'lists') return listColumn(vector, size, context);
  if (type === 'any')
    return CodeColumn.of(kind, context, { dictionary: new Dictionary(kind), codes: new Int32Array(size) });
  return type === 'boolean' ? booleanColumn(vector, size, context) : numberColumn(kind, vector, size);
}

function numberColumn(kind: FieldKind, { values, step }: Numbers, size: number): NumberColumn {
  if (step === 1) return NumberColumn.of(kind, values);
  return NumberColumn.of(kind, new Float64Array(size).fill(values[0] ?? Number.NaN));
}

function booleanColumn({ values, step }: Numbers, size: number, context: EngineContext): CodeColumn {
  const dictionary = new Dictionary('boolean');
  const no = dictionary.encode({ id: 'No', name: 'No' });
  const yes = dictionary.encode({ id: 'Yes', name: 'Yes' });
  const codes = new Int32Array(size);
  for (let row = 0; row < size; row++) {
    const value = values[row * step];
    codes[row] = value === 1 ? yes : value === 0 ? no : 0;
  }
  return CodeColumn.of('boolean', context, { dictionary, codes });
}

function textColumn({ codes, texts, step }: Texts, size: number, context: EngineContext): CodeColumn {
  const { dictionary, codeOf } = interned('text', texts);
  const own = new Int32Array(size);
  for (let row = 0; row < size; row++) own[row] = codeOf(codes[row * step] ?? 0);
  return CodeColumn.of('text', context, { dictionary, codes: own });
}

/** Each row's texts once; a row without any holds the empty code, as columns of fields do. */
function listColumn(
  { codes, offsets, texts, step }: Lists,
  size: number,
  context: EngineContext,
): CodeColumn {
  const { dictionary, codeOf } = interned('label', texts);
  const own = new IntVector();
  const starts = new Int32Array(size + 1);
  for (let row = 0; row < size; row++) {
    const at = row * step;
    const from = offsets ? (offsets[at] ?? 0) : at;
    const slice = codes.subarray(from, offsets ? (offsets[at + 1] ?? from) : at + 1);
    const distinct = new Set(Array.from(slice, codeOf));
    distinct.delete(0);
    if (distinct.size === 0) own.push(0);
    for (const code of distinct) own.push(code);
    starts[row + 1] = own.length;
  }
  return CodeColumn.of('label', context, { dictionary, codes: own.view(), offsets: starts });
}

/** Equal texts become one code; those that no row holds get none. */
function interned(kind: FieldKind, texts: readonly string[]) {
  const dictionary = new Dictionary(kind);
  const known = new Int32Array(texts.length).fill(-1);
  const codeOf = (code: number): number => {
    const found = known[code] ?? 0;
    if (found >= 0) return found;
    const text = texts[code] ?? '';
    const own = text.trim() === '' ? 0 : dictionary.encode({ id: text, name: text });
    known[code] = own;
    return own;
  };
  return { dictionary, codeOf };
}
