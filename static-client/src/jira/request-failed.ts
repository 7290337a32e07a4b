import { asObject } from '../engine/decode/json';
import type { JiraResponse } from '../host/host';
import { limitText } from './rate-limit';

/** Jira answered, but not with what was asked for; the message is fit for a person. */
export class RequestFailed extends Error {
  readonly status: number;

  constructor(response: JiraResponse) {
    super(describe(response));
    this.name = 'RequestFailed';
    this.status = response.status;
  }
}

/** Jira's own messages in an error's body. */
export function messagesOf(body: unknown): readonly string[] {
  const object = asObject(body) ?? {};
  const listed = Array.isArray(object.errorMessages) ? object.errorMessages : [];
  const byField = Object.values(asObject(object.errors) ?? {});
  return [...listed, ...byField, object.message].filter((text) => typeof text === 'string' && text !== '');
}

function describe(response: JiraResponse): string {
  const { status, body } = response;
  if (status === 429) return limitText(response, Date.now());
  const [message] = messagesOf(body);
  if (message) return `Jira answered ${status}: ${message}`;
  if (status === 401) return 'Jira asks to log in again (401).';
  if (status === 403) return 'Jira does not allow this (403).';
  return status >= 500 ? `Jira has a problem of its own (${status}).` : `Jira answered ${status}.`;
}
