// Entry of the panel: finds out what hosts it and mounts it into the page's element `panel`, or into the body.
import { mountPanel } from './mount.ts';
import { connectToPage, textsOfServer } from './page.ts';
import { useTexts } from './texts.ts';
import { connectToVsCode, inVsCode, textsInPage } from './vscodeHost.ts';

useTexts(inVsCode() ? textsInPage() : await textsOfServer(navigator.languages));
const { host, memory } = inVsCode() ? connectToVsCode() : connectToPage();
mountPanel(document.getElementById('panel') ?? document.body.appendChild(document.createElement('div')), host, memory);
