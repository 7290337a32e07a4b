import '../styles/editor.css';
import { useCallback } from 'react';
import type { FieldMetadata } from '../../engine/protocol';
import type { JiraHost } from '../../host/host';
import { fieldMetadata } from '../../jira/fields';
import type { Report } from '../../server/reports';
import { Failure } from '../parts/Failure';
import { Loading } from '../parts/Loading';
import { type App, useApp } from '../shell/app';
import { useFetched } from '../shell/use-fetched';
import type { Navigation } from '../shell/use-route';
import { type Draft, draftOf } from './draft';
import { Editor } from './Editor';
import { newDraft } from './templates';

interface EditorPageProps {
  readonly id?: string;
  readonly template?: string | undefined;
  readonly navigation: Navigation;
}

/** Edits a saved report, or makes a new one. */
export default function EditorPage({ id, template, navigation }: EditorPageProps) {
  const app = useApp();
  const fetch = useCallback(
    (signal: AbortSignal) => material(app, id, template, signal),
    [app, id, template],
  );
  const [found, again] = useFetched(fetch);
  switch (found.state) {
    case 'loading':
      return <Loading label="Opening the editor…" />;
    case 'failed':
      return <Failure error={found.error} onAgain={again} />;
    case 'ready':
      return <Editor {...found.value} navigation={navigation} />;
  }
}

interface Material {
  readonly base: Report | undefined;
  readonly start: Draft;
  readonly fields: ReadonlyMap<string, FieldMetadata>;
}

async function material(
  { host, server }: App,
  id: string | undefined,
  template: string | undefined,
  signal: AbortSignal,
): Promise<Material> {
  const [fields, base, context] = await Promise.all([
    siteFields(host, signal),
    id ? server.reports.read(id, signal) : undefined,
    host.context(),
  ]);
  return { fields, base, start: base ? draftOf(base) : newDraft(template, context.projectKey) };
}

async function siteFields(host: JiraHost, signal: AbortSignal): Promise<Map<string, FieldMetadata>> {
  const { status, body } = await host.request({ path: '/rest/api/3/field', signal });
  if (status !== 200 || !Array.isArray(body)) {
    throw new Error(`Jira did not tell its fields (${status}).`);
  }
  return new Map(fieldMetadata(body).map((field) => [field.id, field]));
}
