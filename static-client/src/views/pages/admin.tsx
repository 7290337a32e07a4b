import { PrivacyView } from '../privacy/PrivacyView';
import { mount } from '../shell/mount';

void mount(PrivacyView);
