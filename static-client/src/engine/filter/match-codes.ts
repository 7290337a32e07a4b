import type { Filter } from '../../definition';
import type { CodeColumn } from '../column/code-column';
import type { Dictionary } from '../column/dictionary';
import { asText } from '../decode/json';
import { rankDictionary } from '../order/rank';
import type { Predicate } from './filter';

/** Kinds whose values have no ids of their own, so that filters name them as a person reads them. */
const BY_NAME: ReadonlySet<string> = new Set(['text', 'label', 'key', 'boolean', 'unknown']);

export function matchCodes(filter: Filter, column: CodeColumn, locale: string): Predicate {
  const wanted = (filter.values ?? []).map((value) => asText(value) ?? '');
  if (filter.operator === 'is empty') return anyCode(column, (code) => code === 0);
  if (filter.operator === 'all of') return allOf(column, wanted);
  const accepted = acceptedCodes(filter.operator, column.dictionary, wanted, locale);
  return anyCode(column, (code) => accepted[code] === 1);
}

function acceptedCodes(
  operator: Filter['operator'],
  dictionary: Dictionary,
  wanted: readonly string[],
  locale: string,
): Uint8Array {
  const test = testOf(operator, dictionary, wanted, locale);
  const accepted = new Uint8Array(dictionary.size);
  for (let code = 1; code < dictionary.size; code++) accepted[code] = test(code) ? 1 : 0;
  return accepted;
}

function testOf(
  operator: Filter['operator'],
  dictionary: Dictionary,
  wanted: readonly string[],
  locale: string,
): (code: number) => boolean {
  if (operator === 'any of' || operator === 'equals') {
    return (code) => wanted.some((value) => isNamed(dictionary, code, value));
  }
  if (operator === 'contains') {
    const parts = wanted.map((value) => value.toLocaleLowerCase(locale));
    return (code) => {
      const name = dictionary.name(code).toLocaleLowerCase(locale);
      return parts.some((part) => name.includes(part));
    };
  }
  return compareRanks(operator, dictionary, wanted, locale);
}

/** Values that have an order compare by it: `greater` than a priority, `before` a version. */
function compareRanks(
  operator: Filter['operator'],
  dictionary: Dictionary,
  wanted: readonly string[],
  locale: string,
): (code: number) => boolean {
  const ranks = rankDictionary(dictionary, locale).of;
  const [first = Number.NaN, second = Number.NaN] = wanted.map((value) => rankOf(dictionary, ranks, value));
  const rank = (code: number) => ranks[code] ?? Number.NaN;
  switch (operator) {
    case 'less':
    case 'before':
      return (code) => rank(code) < first;
    case 'at most':
      return (code) => rank(code) <= first;
    case 'greater':
    case 'after':
      return (code) => rank(code) > first;
    case 'at least':
      return (code) => rank(code) >= first;
    case 'between':
      return (code) => rank(code) >= first && rank(code) <= second;
    default:
      return () => false;
  }
}

function rankOf(dictionary: Dictionary, ranks: Int32Array, value: string): number {
  for (let code = 1; code < dictionary.size; code++) {
    if (isNamed(dictionary, code, value)) return ranks[code] ?? Number.NaN;
  }
  return Number.NaN;
}

function isNamed(dictionary: Dictionary, code: number, value: string): boolean {
  if (dictionary.id(code) === value || dictionary.alias(code) === value) return true;
  return BY_NAME.has(dictionary.kind) && dictionary.name(code) === value;
}

/** Each wanted value is among the row's values. */
function allOf(column: CodeColumn, wanted: readonly string[]): Predicate {
  const each = wanted.map((value) => acceptedCodes('any of', column.dictionary, [value], 'en'));
  const tests = each.map((accepted) => anyCode(column, (code) => accepted[code] === 1));
  return (row) => tests.every((holds) => holds(row));
}

function anyCode(column: CodeColumn, test: (code: number) => boolean): Predicate {
  const codes = column.codes();
  const offsets = column.offsets();
  if (!offsets) return (row) => test(codes[row] ?? 0);
  return (row) => {
    const end = offsets[row + 1] ?? 0;
    for (let at = offsets[row] ?? 0; at < end; at++) if (test(codes[at] ?? 0)) return true;
    return false;
  };
}
