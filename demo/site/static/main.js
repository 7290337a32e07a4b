import { startBridge } from './bridge/bridge.js';
import { drawNavigation } from './navigation.js';
import { page } from './page.js';
import { drawPlace } from './views/places.js';

startBridge(page);
drawNavigation(document.getElementById('navigation'));
drawPlace(document.getElementById('content'));
