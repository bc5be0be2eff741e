// Accessibility faults of a page, as axe-core finds them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Rules about what a theme changes; all others judge what is the same in each theme. */
export const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** Serious and critical findings, one line each; of all rules or of some, in the whole page or in a part of it. */
export async function findings(page: Page, rules?: readonly string[], part?: string): Promise<string[]> {
  // Evaluated by the debugger, so that the page's policy needs no hole for it.
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(AXE);
  const options = { resultTypes: ['violations'], iframes: false, preload: false, ...(rules && { runOnly: rules }) };
  return page.evaluate(`axe.run(${JSON.stringify(part ?? 'html')}, ${JSON.stringify(options)}).then(({ violations }) => violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .flatMap((one) => one.nodes.map((node) => one.id + ': ' + node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? ''))))`);
}
