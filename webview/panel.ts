// Entry of the panel: finds out what hosts it and mounts it into the page's element `panel`, or into the body.
import { mountPanel } from './mount.ts';
import { connectToPage } from './page.ts';
import { connectToVsCode, inVsCode } from './vscodeHost.ts';

const { host, memory } = inVsCode() ? connectToVsCode() : connectToPage();
mountPanel(document.getElementById('panel') ?? document.body.appendChild(document.createElement('div')), host, memory);
