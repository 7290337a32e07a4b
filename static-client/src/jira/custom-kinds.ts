import type { FieldKind } from '../engine/protocol';

/**
 * Types of custom fields, by the end of their key, whose schema says less than we know or nothing (`any`).
 * What is absent here goes by its schema.
 */
const BY_CUSTOM: Readonly<Record<string, FieldKind>> = {
  // Jira Software
  'gh-sprint': 'sprint',
  'gh-epic-link': 'issue',
  'gh-lexo-rank': 'rank',
  'gh-global-rank': 'number',
  'jpo-custom-field-parent': 'issue',
  'jpo-custom-field-baseline-start': 'date',
  'jpo-custom-field-baseline-end': 'date',
  'rm-teams-custom-field-team': 'option',
  'atlassian-team': 'option',
  // Jira
  labels: 'label',
  readonlyfield: 'text',
  'work-category-field-cftype': 'option',
  'service-entity-field-cftype': 'option',
  // Jira Service Management
  'vp-origin': 'option',
  'sd-request-feedback': 'number',
  'sd-request-language': 'option',
  // Suggested and bundled apps
  participants: 'user',
  lastupdaterorcommenter: 'user',
  LastCommentDate: 'datetime',
  comments: 'number',
  multikeyfield: 'text',
  reporterdomain: 'text',
  'calculated-number-field': 'number',
  'eventum-tickets-count-field-type': 'number',
  'accounts.customfield': 'option',
  'team.customfield': 'option',
};

/** Fields of schema type `any` that hold lists. */
const LISTS: ReadonlySet<string> = new Set(['participants', 'multiurl', 'jbonlymultiurl']);

/** The kind that the type's key tells, if it tells one. */
export function customKind(custom: string): FieldKind | undefined {
  const name = nameOf(custom);
  return Object.hasOwn(BY_CUSTOM, name) ? BY_CUSTOM[name] : undefined;
}

export function isCustomList(custom: string): boolean {
  return LISTS.has(nameOf(custom));
}

/** Types whose strings are texts: Atlassian's own, and what administrators script. Other apps put JSON into theirs. */
export function isPlainText(custom: string): boolean {
  return /^com\.(atlassian|pyxis\.greenhopper)\./.test(custom) || nameOf(custom) === 'scripted-field';
}

function nameOf(custom: string): string {
  return custom.slice(custom.lastIndexOf(':') + 1);
}
