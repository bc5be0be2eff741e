// Modules as compilers write them for `require`: what stands around an import, an export or a call of what was imported hides it from
// the compiler that reads them here. It is put in comments, on the line it is on; nothing else of the text is touched.
import type { Inserted } from './compiled.ts';

/** Said by every compiler of such a module that it was one of `import` and `export`. */
const COMPILED_MODULE = /\b__esModule\b/;
/** `module.exports = __toCommonJS(shop_exports);` */
const EXPORTS = /\bmodule\.exports = __toCommonJS\(([\w$]+)\);/;
/** `0 && (module.exports = { Order, place })`, never run, says what is exported. */
const SAID_EXPORTS = /\b0 && \(module\.exports = \{/;
/** `__toESM(require("./order"), 1)` */
const IMPORT = /\b(?:__toESM|__importStar|__importDefault|tslib_\d+\.__import(?:Star|Default))\((?=require\()/g;
const REQUIRE_END = /^require\((?:"[^"\n]*"|'[^'\n]*')\)(, ?1)?\)/;
/** `(0, order_1.place)(...)`: called without a receiver. */
const CALL = /\((0, ?)(?=[\w$]+\.[\w$]+\)[(`])/g;

/** What to put into a compiled module so that its imports, exports and calls can be followed. In order. */
export function moduleForms(text: string): Inserted[] {
  if (!COMPILED_MODULE.test(text)) return [];
  const inserted: Inserted[] = [];
  const hide = (from: number, to: number): void => {
    inserted.push({ at: from, text: '/* ' }, { at: to, text: ' */' });
  };
  const exported = EXPORTS.exec(text);
  if (exported) {
    hide(exported.index, exported.index + exported[0].length);
    const names = SAID_EXPORTS.test(text) ? [] : exportsIn(text, exported[1] as string);
    if (names.length > 0)
      inserted.push({ at: exported.index + exported[0].length, text: ` module.exports = { ${names.join(', ')} };` });
  }
  for (const { index, 0: opening } of text.matchAll(IMPORT)) {
    const start = index + opening.length;
    const end = REQUIRE_END.exec(text.slice(start, start + 500));
    if (!end) continue;
    hide(index, start);
    hide(start + end[0].length - 1 - (end[1]?.length ?? 0), start + end[0].length);
  }
  for (const { index, 1: zero } of text.matchAll(CALL)) hide(index + 1, index + 1 + (zero as string).length);
  // What ends at a place comes before what begins there.
  return inserted
    .map((put, i) => ({ put, i }))
    .sort((a, b) => a.put.at - b.put.at || a.i - b.i)
    .map(({ put }) => put);
}

/** `__export(shop_exports, { Order: () => Order, place: () => place2 })` as the members of an object. */
function exportsIn(text: string, name: string): string[] {
  const start = text.indexOf(`__export(${name}, {`);
  if (start < 0) return [];
  const list = text.slice(start, text.indexOf('});', start));
  return [...list.matchAll(/([\w$]+): \(\) => ([\w$]+)/g)].map(([, as, what]) => `${as as string}: ${what as string}`);
}
