// The panel's texts: all that its source says is in the dictionary, with the same places, and nothing else is; no text goes past it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import ts from 'typescript';
import { list, plural, readTexts, retold, t, useTexts } from '../../webview/texts.ts';

const root = join(import.meta.dirname, '../..');
const dictionary = JSON.parse(readFileSync(join(root, 'l10n/panel.zh-cn.json'), 'utf8')) as {
  [english: string]: string;
};

/** Which arguments of the functions of texts.ts are sentences. */
const SENTENCES: { readonly [call: string]: (args: readonly ts.Expression[]) => readonly ts.Expression[] } = {
  t: (args) => args.slice(0, 1),
  parts: (args) => args.slice(0, 1),
  plural: (args) => args.slice(1, 3),
  retold: (args) => args.slice(1),
};

/** Attributes that people read or hear. */
const READ = new Set(['title', 'placeholder', 'aria-label', 'aria-valuetext', 'aria-roledescription']);

/** Operators whose result is, or holds, one of their operands. */
const GIVES_AN_OPERAND: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.PlusToken,
]);

interface Said {
  readonly sentences: ReadonlySet<string>;
  /** `file:line text` of sentences that are put together, and of texts that are shown without being looked up. */
  readonly faults: readonly string[];
}

function readSource(): Said {
  const sentences = new Set<string>();
  const faults: string[] = [];
  const folder = join(root, 'webview');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    const source = ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.ESNext, true);
    const fault = (node: ts.Node): void => {
      faults.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText()}`);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
        const call = node.expression.text;
        for (const argument of SENTENCES[call]?.(node.arguments) ?? [])
          if (ts.isStringLiteral(argument)) sentences.add(argument.text);
          // The functions themselves pass on what they were given.
          else if (file !== 'texts.ts' && file !== 'elements.ts') fault(argument);
        if (call === 'el' || call === 'svg') node.arguments.slice(2).forEach((child) => shown(child, fault));
        if (call === 'iconButton') node.arguments.slice(1, 2).forEach((label) => shown(label, fault));
      }
      if (ts.isPropertyAssignment(node) && READ.has(nameOf(node.name))) shown(node.initializer, fault);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { sentences, faults };
}

function nameOf(name: ts.PropertyName): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : '';
}

/** Goes through what an expression may show, and finds words in it that no dictionary was asked for. */
function shown(node: ts.Expression, fault: (node: ts.Node) => void): void {
  const words = (text: string) => /\p{L}{2,}/u.test(text.replace(/\b(ms|pid|Esc|End)\b/g, ''));
  if (ts.isStringLiteralLike(node) && words(node.text)) fault(node);
  else if (ts.isTemplateExpression(node)) {
    if ([node.head, ...node.templateSpans.map((span) => span.literal)].some((piece) => words(piece.text))) fault(node);
    for (const span of node.templateSpans) shown(span.expression, fault);
  } else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach((one) => shown(one, fault));
  else if (ts.isArrayLiteralExpression(node)) node.elements.forEach((one) => shown(one, fault));
  else if (ts.isParenthesizedExpression(node)) shown(node.expression, fault);
  else if (ts.isBinaryExpression(node)) {
    if (GIVES_AN_OPERAND.has(node.operatorToken.kind)) [node.left, node.right].forEach((one) => shown(one, fault));
  }
}

const placesOf = (text: string): string[] => (text.match(/\{\d\}/g) ?? []).sort();

suite("the panel's texts", () => {
  const said = readSource();

  test('each is one sentence of the source, and none is shown without the dictionary', () => {
    assert.ok(said.sentences.size > 150, `${said.sentences.size} found`);
    assert.deepEqual(said.faults, []);
  });

  test('each is in the dictionary with the same places, and the dictionary holds nothing else', () => {
    assert.deepEqual(Object.keys(dictionary).sort(), [...said.sentences].sort());
    for (const [english, chinese] of Object.entries(dictionary)) {
      assert.deepEqual(placesOf(chinese), placesOf(english), english);
      assert.ok(chinese.trim() !== '', english);
      // Punctuation of the other language would show that a sentence was forgotten half-way.
      assert.doesNotMatch(chinese, /[a-z]{3,} [a-z]{3,}|[,;!?]/, chinese);
    }
  });

  test('are looked up, filled in any order, and never looked up in what fills them', (context) => {
    context.after(() => useTexts({}));
    assert.equal(t('{0} of {1}', 3, 12), '3 of 12');
    assert.equal(plural(1, '{0} event', '{0} events', 1), '1 event');
    assert.equal(plural(2, '{0} event', '{0} events', 2), '2 events');
    assert.equal(list(['a', undefined, '', false, 'b']), 'a, b');
    assert.equal(
      retold('none yet, created by Shop.open', 'none yet, created by {0}'),
      'none yet, created by Shop.open',
    );
    useTexts(
      readTexts({
        '{0} of {1}': '共 {1} 个中的 {0}',
        events: 7,
        new: '新建',
        'made by {0}': '由 {0} 创建',
        '{0}, {1}': '{0}，{1}',
      }),
    );
    assert.equal(t('{0} of {1}', '{1}', '$&'), '共 $& 个中的 {1}');
    assert.equal(t('events'), 'events', 'what is no text is left out');
    assert.equal(t('constructor'), 'constructor');
    assert.equal(list(['a', 'b', 'c']), 'a，b，c');
    assert.equal(retold('made by new', 'made by {0}'), '由 new 创建');
    assert.equal(retold('it was made by new', 'made by {0}'), 'it was made by new');
  });
});
