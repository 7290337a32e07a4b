import { mount } from '../shell/mount';
import { StartView } from '../start/StartView';

void mount(StartView);
