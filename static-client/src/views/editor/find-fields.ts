import type { FieldMetadata } from '../../engine/protocol';

const SHOWN = 100;

/**
 * Fields whose name or id contains every word searched for: names that begin with the first word come
 * first, then the alphabet. Sites with thousands of fields show the first hundred.
 */
export function findFields(
  fields: readonly FieldMetadata[],
  search: string,
): { readonly found: readonly FieldMetadata[]; readonly more: number } {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const matching = fields.filter((field) => {
    const text = `${field.name} ${field.id}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
  const first = words[0] ?? '';
  const rank = (field: FieldMetadata) => (field.name.toLocaleLowerCase().startsWith(first) ? 0 : 1);
  const ordered = matching.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  return { found: ordered.slice(0, SHOWN), more: Math.max(0, ordered.length - SHOWN) };
}
