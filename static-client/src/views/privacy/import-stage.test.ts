import { expect, test } from 'vitest';
import type { Import, ImportCheck } from '../../server/imports';
import { currentOf, type Stage, stageOf } from './import-stage';

const CHECK = { problems: [] } as unknown as ImportCheck;

function task(state: Import['state'], step: Import['step'], check: ImportCheck | null = null): Import {
  return { id: `${state} ${step}`, state, step, check } as Import;
}

function stage(shown: Import | undefined, hasFile = false, isSending = false): Stage {
  return stageOf({ task: shown, hasFile, isSending });
}

test('without an open import there is a file to choose, or one to send', () => {
  for (const shown of [undefined, task('done', 'apply', CHECK), task('cancelled', 'parts')]) {
    expect(stage(shown)).toBe('none');
    expect(stage(shown, true)).toBe('chosen');
  }
});

test('an import without all of its parts can be gone on with only where the file is', () => {
  expect(stage(task('waiting', 'parts'))).toBe('unfinished');
  expect(stage(task('waiting', 'parts'), true)).toBe('broken');
  expect(stage(task('waiting', 'parts'), true, true)).toBe('sending');
});

test('what the server works on is waited for', () => {
  expect(stage(task('queued', 'check'))).toBe('working');
  expect(stage(task('running', 'apply', CHECK))).toBe('working');
});

test('what was found is shown also after an application that was called off', () => {
  expect(stage(task('waiting', 'check', CHECK))).toBe('checked');
  expect(stage(task('waiting', 'apply', CHECK))).toBe('checked');
});

test('a step that could not be done can be tried again', () => {
  expect(stage(task('failed', 'check'))).toBe('failed');
  expect(stage(task('failed', 'apply', CHECK))).toBe('failed');
  expect(stage(task('waiting', 'check'))).toBe('failed');
});

test('the import to show is the newest open one, else the newest', () => {
  const done = task('done', 'apply');
  const open = task('waiting', 'parts');
  expect(currentOf([done, open, task('failed', 'check')])).toBe(open);
  expect(currentOf([done, task('cancelled', 'parts')])).toBe(done);
  expect(currentOf([])).toBeUndefined();
});
