// Lets the framework's own store make its tables and keep the sites of standard input, as `installed` would.
import ace from 'atlassian-connect-express';
import express from 'express';

const silent = { info() {}, warn() {}, error: console.error };
const addon = ace(express(), {}, silent);
let text = '';
for await (const chunk of process.stdin) text += chunk;
const store = addon.settings;
await Promise.all([store.connectionPromise, store.installationMappingPromise, store.forgeSettingsPromise]);
for (const { clientKey, sharedSecret, baseUrl } of JSON.parse(text)) {
  await store.saveInstallation(
    { key: addon.key, clientKey, sharedSecret, baseUrl, productType: 'jira', eventType: 'installed' },
    clientKey,
  );
}
await store.schema.close();
