import { asObject, textOf } from '../engine/decode/json';
import type { FieldMetadata } from '../engine/protocol';
import { type FieldSchema, isMultiple, kindOf } from './field-kinds';

/** The fields of a `/rest/api/3/field` answer; what is no field in it is left out. */
export function fieldMetadata(rawFields: unknown): FieldMetadata[] {
  if (!Array.isArray(rawFields)) return [];
  return rawFields.flatMap((raw) => {
    const field = asObject(raw);
    const id = field && textOf(field, 'id', 'key');
    if (!field || id === undefined) return [];
    const schema = schemaOf(field.schema);
    const name = textOf(field, 'name') ?? id;
    return [{ id, name, kind: kindOf(id, schema), multiple: isMultiple(id, schema) }];
  });
}

function schemaOf(raw: unknown): FieldSchema {
  const schema = asObject(raw) ?? {};
  const members = ['type', 'items', 'system', 'custom'] as const;
  const entries = members.flatMap((member) => {
    const text = textOf(schema, member);
    return text === undefined ? [] : [[member, text] as const];
  });
  return Object.fromEntries(entries);
}
