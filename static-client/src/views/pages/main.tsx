import { lazy, Suspense } from 'react';
import { ReportList } from '../list/ReportList';
import { Loading } from '../parts/Loading';
import { SiteNotices } from '../privacy/SiteNotices';
import { ReportPage } from '../report/ReportPage';
import { useApp } from '../shell/app';
import { mount } from '../shell/mount';
import { type Navigation, useRoute } from '../shell/use-route';

/** Most visits read a report; who edits one waits a moment for the editor. */
const EditorPage = lazy(() => import('../editor/EditorPage'));

function MainPage() {
  const navigation = useRoute(useApp().host.history);
  return (
    <main className={`page page-${navigation.route.view}`}>
      <SiteNotices moves={navigation.route.view === 'list'} />
      <Suspense fallback={<Loading label="Loading the editor…" />}>
        <View navigation={navigation} />
      </Suspense>
    </main>
  );
}

function View({ navigation }: { readonly navigation: Navigation }) {
  const { route } = navigation;
  switch (route.view) {
    case 'list':
      return <ReportList navigation={navigation} />;
    case 'report':
      return <ReportPage key={route.id} id={route.id} depth={route.depth} navigation={navigation} />;
    case 'edit':
      return <EditorPage key={route.id} id={route.id} navigation={navigation} />;
    case 'new':
      return <EditorPage key="new" template={route.template} navigation={navigation} />;
  }
}

void mount(MainPage);
