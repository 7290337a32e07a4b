import known from '../../../../core/definition/fields.json';

/** Fields of Jira's own, from the table that the server shares. */
export const PLAIN_NAMES: readonly string[] = Object.keys(known);

const PLAIN: ReadonlySet<string> = new Set(PLAIN_NAMES);

/** Whether a bare name can be meant as a field: one of Jira's own or a custom one. */
export function isPlainName(name: string): boolean {
  return PLAIN.has(name) || /^customfield_[0-9]{1,10}$/.test(name);
}
