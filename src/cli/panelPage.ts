// The panel's page over a view: its requests go to the view, the view's events go to it.
import type { View } from '../session/index.ts';
import { servePage, type PageServer } from './pageServer.ts';

/** @param port 0: any that is free. @throws Failure `panel-missing`, `page-port` */
export function servePanel(view: View, port = 0): Promise<PageServer> {
  return servePage(
    {
      // Names and arguments are checked where they are handled: the page is as little trusted as any other client.
      request: (name, args, work) => view.handle(name, args as never, work),
      on(listener) {
        const offs = [
          view.on('cursor', (body) => listener('semantic/cursor', body)),
          view.on('changed', (body) => listener('semantic/changed', body)),
        ];
        return () => offs.forEach((off) => off());
      },
    },
    port,
  );
}
