// What connect-host.js expects of Jira's page before it loads.
(function () {
  'use strict';
  window.AJS = { $: window.jQuery };
  // Jira switches new parts of the bridge on by flags from a service; here every flag is off, as is the default.
  window.__FEATUREGATES_JS__ = {
    initializeCompleted: () => true,
    checkGate: () => false,
    getPackageVersion: () => 'none: flags are off',
  };
})();
