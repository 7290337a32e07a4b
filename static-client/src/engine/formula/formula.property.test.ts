import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expressions, printed } from '../../../tests/expressions';
import { contextOf } from '../../../tests/generated-issues';
import { evaluate, type Plain, type PlainRow } from '../../../tests/naive-formula';
import { NOW } from '../../../tests/tables';
import { Zone } from '../time/zone';
import { compile } from './compile';
import type { Compiled, Frame } from './frame';
import type { Type } from './functions';
import { MOST_OPERATIONS, parse } from './parse';
import { type Expression, ExpressionInvalid, partsOf } from './syntax';
import { typeOf } from './types';
import { type Lists, listAt, type Numbers, numberAt, type Texts, textAt, type Vector } from './vector';

const FIELDS: Readonly<Record<string, Type>> = {
  votes: 'number',
  timespent: 'number',
  summary: 'text',
  status: 'text',
  duedate: 'date',
  labels: 'list',
};
const scope = { formulas: new Map<string, Type>(), field: (id: string) => FIELDS[id] };
const TODAY = new Date('2024-02-15');

const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 4 });
const rows: fc.Arbitrary<PlainRow[]> = fc.array(
  fc.record({
    votes: optional(fc.integer({ min: -3, max: 20 })),
    timespent: optional(fc.constantFrom(0, 60, 3600, 5400.5, 1e300)),
    summary: optional(fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' })),
    status: optional(fc.constantFrom('Open', 'Done', 'In Progress')),
    duedate: optional(fc.constantFrom('2024-02-15', '2024-02-29', '1999-12-31').map((day) => new Date(day))),
    labels: fc.uniqueArray(fc.constantFrom('a', 'Done', 'ios', 'Å'), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 8 },
);
const anyExpression = fc
  .oneof(...Object.values(expressions))
  .filter((expression) => partsOf(expression).length <= MOST_OPERATIONS);

function positionless(part: Expression): unknown {
  return JSON.parse(JSON.stringify(part, (member, value) => (member === 'at' ? undefined : value)));
}

function frameOf(table: readonly PlainRow[]): Frame {
  const setting = { zone: new Zone('Europe/Berlin'), context: contextOf(), now: NOW };
  const field = (id: string): Vector =>
    vectorOf(
      table.map((row) => row[id] ?? null),
      FIELDS[id] ?? 'any',
    );
  return { size: table.length, setting, field, formula: field };
}

function vectorOf(values: readonly Plain[], type: Type): Vector {
  if (type === 'list') return listsOf(values as readonly (readonly string[])[]);
  if (type === 'text') {
    const texts = ['', ...new Set(values.filter((value) => value !== null) as string[])];
    const codes = Int32Array.from(values, (value) => Math.max(0, texts.indexOf(String(value ?? ''))));
    return { shape: 'texts', codes, texts, step: 1 };
  }
  const numbers = Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value)));
  return { shape: 'numbers', values: numbers, step: 1 };
}

function listsOf(values: readonly (readonly string[])[]): Lists {
  const texts = ['', 'a', 'Done', 'ios', 'Å'];
  const codes = values.flatMap((list) => (list.length === 0 ? [0] : list.map((text) => texts.indexOf(text))));
  const ends = values.map((list) => Math.max(1, list.length));
  const offsets = Int32Array.from([0, ...ends.map((_, at) => ends.slice(0, at + 1).reduce((a, b) => a + b))]);
  return { shape: 'lists', codes: Int32Array.from(codes), offsets, texts, step: 1 };
}

function plainAt({ type, run }: Compiled, frame: Frame, row: number): Plain {
  const vector = run(frame);
  if (type === 'text') return textAt(vector as Texts, row) || null;
  if (type === 'list') return listAt(vector as Lists, row);
  const value = numberAt(vector as Numbers, row);
  if (Number.isNaN(value)) return null;
  if (type === 'boolean') return value === 1;
  return type === 'date' || type === 'datetime' ? new Date(value) : value;
}

test('an expression that is printed and parsed again is the same', () => {
  const property = fc.property(anyExpression, (expression) => {
    expect(positionless(parse(printed(expression)))).toEqual(positionless(expression));
  });
  fc.assert(property, { numRuns: 2000 });
});

test('columns hold what a walk over the expression finds row by row', () => {
  const property = fc.property(anyExpression, rows, (expression, table) => {
    const compiled = compile(expression, scope);
    expect(compiled.type).toBe(typeOf(expression, scope));
    const frame = frameOf(table);
    table.forEach((row, at) => {
      expect(plainAt(compiled, frame, at)).toEqual(evaluate(expression, row, TODAY));
    });
  });
  fc.assert(property, { numRuns: 4000 });
});

test('any text is computed, or refused at a place within it, and soon', () => {
  const alphabet = [
    ...'ab1 +-*/^%<>=!()[],."\'\\éu📈',
    'if(',
    'votes',
    'summary',
    ' and ',
    'not ',
    'null',
    'left(',
  ];
  const texts = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 60 }),
  );
  const property = fc.property(texts, rows, (text, table) => {
    const begun = performance.now();
    try {
      const expression = parse(text);
      typeOf(expression, scope);
      compile(expression, scope).run(frameOf(table));
    } catch (error) {
      expect(error).toBeInstanceOf(ExpressionInvalid);
      const { at } = error as ExpressionInvalid;
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at).toBeLessThanOrEqual([...text].length);
    }
    expect(performance.now() - begun).toBeLessThan(1000);
  });
  fc.assert(property, { numRuns: 5000 });
});
