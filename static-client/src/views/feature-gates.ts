/**
 * Stands in for `@atlaskit/feature-gate-js-client` (see `vite.config.ts`): every gate is off, every
 * experiment at its default, nothing is stored and nobody is called.
 */
const featureGates = {
  checkGate: (): boolean => false,
  getExperimentValue: <Value>(_experiment: string, _parameter: string, otherwise: Value): Value => otherwise,
};

export default featureGates;
