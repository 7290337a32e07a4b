import { GadgetView } from '../gadget/GadgetView';
import { mount } from '../shell/mount';

void mount(GadgetView);
