// Builds dist/: the extension (CommonJS, as VS Code loads it), the programs (ES modules sharing chunks) and the panel.
import { build } from 'esbuild';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';

const shared = {
  bundle: true,
  minify: true,
  sourcemap: 'linked',
  metafile: true,
  logLevel: 'warning',
  legalComments: 'none',
};

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist', { recursive: true });

/** Loading a module of the extension does nothing but define: what it does not call is left out, whole packages included. */
const onlyWhatIsCalled = {
  name: 'only-what-is-called',
  setup(build) {
    build.onResolve({ filter: /^[^/]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'resolved' || from.kind !== 'import-statement') return undefined;
      const found = await build.resolve(path, { ...from, pluginData: 'resolved' });
      return { ...found, sideEffects: false };
    });
  },
};

const outputs = {};
async function bundle(options) {
  const { metafile } = await build({ ...shared, ...options });
  Object.assign(outputs, metafile.outputs);
}

const program = {
  outdir: 'dist',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // ssh2, which dockerode brings, looks for an optional native part and works without it.
  external: ['cpu-features', '*.node'],
  // Its other form asks for its parts at run time, where a bundle has none.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  plugins: [onlyWhatIsCalled],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __toPath } from 'node:url'; import { dirname as __dirnameOf } from 'node:path'; const require = __createRequire(import.meta.url), __filename = __toPath(import.meta.url), __dirname = __dirnameOf(__filename);",
  },
};

await Promise.all([
  bundle({
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.cjs',
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode'],
    // Packages that bring both come as modules: what loads its parts by a function it is given cannot be bundled.
    mainFields: ['module', 'main'],
    plugins: [onlyWhatIsCalled],
  }),
  // What a program does not call is left out of it: the compiler, which only the worker needs, takes longer to load than most commands.
  bundle({
    ...program,
    entryPoints: ['src/cli.ts', 'src/debugAdapter.ts'],
    splitting: true,
    chunkNames: 'chunk-[hash]',
  }),
  bundle({ ...program, entryPoints: ['src/worker.ts'] }),
  bundle({
    entryPoints: ['webview/panel.ts'],
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    loader: { '.svg': 'text' },
  }),
]);
// The worker reads programs through the compiler, which wants its own declarations as files.
mkdirSync('dist/lib');
for (const name of readdirSync('node_modules/typescript/lib')) {
  if (/^lib\..*\.d\.ts$/.test(name)) cpSync(`node_modules/typescript/lib/${name}`, `dist/lib/${name}`);
}
if (existsSync('webview/panel.css')) cpSync('webview/panel.css', 'dist/webview/panel.css');
writeFileSync('dist/meta.json', JSON.stringify({ outputs }));
