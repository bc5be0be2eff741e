// What a page shows, read in the browser: texts that were left in English, and Chinese ones that are cut off or break a label.
import type { Page } from 'playwright-core';

/** All that is read or heard, without names of the program. */
const TEXTS = `(() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode;
    if (!parentElement.closest('bdi, code, script')) found.push(data.trim());
  }
  for (const node of document.querySelectorAll('*'))
    for (const name of ['title', 'aria-label', 'placeholder', 'aria-valuetext', 'aria-roledescription'])
      if (node.hasAttribute(name)) found.push(node.getAttribute(name));
  return found.filter((text) => text !== '');
})()`;

/** Forms with words of their own, as patterns. */
function formsOf(dictionary: { readonly [english: string]: string }): RegExp[] {
  return Object.keys(dictionary)
    .filter((english) => /\p{L}/u.test(english.replace(/\{\d\}/g, '')))
    .map((english) => english.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\d\}/g, '.+'))
    .map((pattern) => new RegExp(`^[⚠▲·\\s]*${pattern}$`));
}

export async function leftInEnglish(
  page: Page,
  dictionary: { readonly [english: string]: string },
): Promise<readonly string[]> {
  const forms = formsOf(dictionary);
  const texts = (await page.evaluate(TEXTS)) as string[];
  return [...new Set(texts)].filter((text) => forms.some((form) => form.test(text)));
}

/**
 * Chinese texts that reach out of what clips them, out of their picture, or out of the page; and labels of one line that take two.
 * What can be scrolled to is not cut off.
 */
export function cutOff(page: Page): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walker.nextNode()) {
      const { parentElement: own, data } = walker.currentNode;
      if (!/\\p{Script=Han}/u.test(data) || own.closest('.unseen, title, [hidden]') || !own.checkVisibility()) continue;
      // A line with names of the program may be longer than its place; its tooltip has all of it.
      if (own.closest('.shrinks:has(bdi)')) continue;
      range.selectNodeContents(walker.currentNode);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
      if (boxes.length === 0) continue;
      const left = Math.min(...boxes.map((box) => box.left)), right = Math.max(...boxes.map((box) => box.right));
      const bottom = Math.max(...boxes.map((box) => box.bottom));
      const note = (why) => found.push(why + ': ' + data.trim() + ' in ' + own.outerHTML.slice(0, 80));
      const lines = new Set(boxes.map((box) => Math.round(box.top))).size;
      if (lines > 1 && own.closest('button, th, [role=tab], [role=columnheader], .toolbar > .group, .gutter')) note('two lines');
      for (let around = own; around; around = around.parentElement) {
        const style = getComputedStyle(around);
        if (/auto|scroll/.test(style.overflowX + style.overflowY) || style.position === 'fixed') break;
        const clips = /hidden|clip/.test(style.overflowX) || around.localName === 'svg' || around === document.documentElement;
        const box = around.getBoundingClientRect();
        if (!clips || box.width < 2) continue;
        if (right > box.right + 1 || left < box.left - 1) { note('cut at the side'); break; }
        if (around.localName !== 'svg' && bottom > box.bottom + 2) { note('cut below'); break; }
      }
    }
    return [...new Set(found)];
  })()`);
}
