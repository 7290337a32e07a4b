import { describe, expect, test } from 'vitest';
import { answer, SimulatedJira } from '../../tests/simulated-jira';
import { VirtualClock } from '../../tests/virtual-clock';
import type { JiraRequest, JiraResponse } from '../host/host';
import { engineContext } from './context';
import { RequestFailed } from './request-failed';

const ANSWERS: Record<string, JiraResponse> = {
  '/rest/api/3/field': answer([{ id: 'summary', name: 'Summary', schema: { type: 'string' } }]),
  '/rest/api/3/configuration': answer({
    timeTrackingConfiguration: { workingHoursPerDay: 7.5, workingDaysPerWeek: 4 },
  }),
  '/rest/api/3/priority': answer([
    { id: '5', name: 'Top' },
    { id: '1', name: 'Low' },
  ]),
};

class Site extends SimulatedJira {
  constructor(
    readonly answers: Record<string, JiraResponse>,
    timeZone = 'America/St_Johns',
  ) {
    super([], new VirtualClock(), { timeZone });
  }

  override request({ path }: JiraRequest): Promise<JiraResponse> {
    return Promise.resolve(this.answers[path] ?? answer({}, 404));
  }
}

const definition = { jql: 'x', columns: [{ of: { field: 'summary' } }] };

describe('a report’s context', () => {
  test('is Jira’s own', async () => {
    expect(await engineContext(new Site(ANSWERS), definition)).toEqual({
      timeZone: 'America/St_Johns',
      locale: 'en',
      hoursPerDay: 7.5,
      daysPerWeek: 4,
      priorities: ['5', '1'],
      fields: [{ id: 'summary', name: 'Summary', kind: 'text', multiple: false }],
    });
  });

  test('has the zone that the definition names', async () => {
    const context = await engineContext(new Site(ANSWERS), {
      ...definition,
      options: { zone: 'Asia/Tokyo' },
    });
    expect(context.timeZone).toBe('Asia/Tokyo');
  });

  test('has UTC in place of a zone that nobody knows', async () => {
    expect(
      (await engineContext(new Site(ANSWERS, 'UTC'), { ...definition, options: { zone: 'Middle/Earth' } }))
        .timeZone,
    ).toBe('UTC');
  });

  test('has Jira’s defaults where the site hides its settings', async () => {
    const answers = { '/rest/api/3/field': ANSWERS['/rest/api/3/field'] ?? answer([]) };
    expect(await engineContext(new Site(answers), definition)).toMatchObject({
      hoursPerDay: 8,
      daysPerWeek: 5,
      priorities: [],
    });
  });

  test('cannot be without the list of fields', async () => {
    const site = new Site({ ...ANSWERS, '/rest/api/3/field': answer({ errorMessages: ['No.'] }, 403) });
    await expect(engineContext(site, definition)).rejects.toThrow(RequestFailed);
    await expect(engineContext(site, definition)).rejects.toThrow('Jira answered 403: No.');
  });
});
