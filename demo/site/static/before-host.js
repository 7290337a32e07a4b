// What connect-host.js expects of Jira's page before it loads.
(() => {
  // No dialog is ever drawn, so that Escape finds none to close.
  window.AJS = { $: window.jQuery, LayerManager: { global: { getTopLayer: () => null } } };
  // Jira switches new parts of the bridge on by flags from a service; here every flag is off, as is the default.
  window.__FEATUREGATES_JS__ = {
    initializeCompleted: () => true,
    checkGate: () => false,
    getPackageVersion: () => '4.23.4', // the one in connect-host.js, which warns of others
  };
})();
