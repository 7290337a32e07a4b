import type { Plugin } from 'vite';

const REPLACED = '@atlaskit/feature-gate-js-client';

/** Every gate is off and every experiment at its default. */
const SOURCE = `export default {
  checkGate: () => false,
  getExperimentValue: (experiment, parameter, otherwise) => otherwise,
};`;

/**
 * Leaves out the client through which Atlaskit reads its feature gates: once initialised it keeps values in
 * local storage and calls home. Nothing here does so; without it nothing can.
 */
export function noFeatureGates(): Plugin {
  return {
    name: 'no-feature-gates',
    enforce: 'pre',
    resolveId: (id) => (id === REPLACED || id.startsWith(`${REPLACED}/`) ? `\0${REPLACED}` : null),
    load: (id) => (id === `\0${REPLACED}` ? SOURCE : null),
  };
}
